# Reads a release with haven and readr, and writes what they found as CSV. Arguments: the release, a folder to write to.
suppressMessages({library(haven); library(readr)})
arguments <- commandArgs(trailingOnly = TRUE)
release <- arguments[1]
out <- arguments[2]
source(file.path(release, 'load.R'))
plain <- function(frame) as.data.frame(lapply(frame, function(x) if (is.character(x)) x else as.numeric(x)))
save <- function(frame, name) write_csv(frame, file.path(out, paste0(name, '.csv')), na = '')
for (name in c('participants', 'nights', 'missingness', 'participant_choices', 'flags')) {
  read <- get(name)
  save(as.data.frame(lapply(read, function(x) if (is.factor(x)) as.character(x) else x)), paste0(name, '-readr'))
  stem <- Sys.glob(file.path(release, 'data', paste0('*_table-', gsub('_', '', name), '_data.sav')))
  sav <- read_sav(stem, user_na = TRUE)
  dta <- read_dta(sub('sav$', 'dta', stem))
  save(plain(sav), paste0(name, '-sav'))
  save(plain(dta), paste0(name, '-dta'))
  tags <- as.data.frame(lapply(dta, function(x) if (is.double(x)) na_tag(x) else rep(NA_character_, length(x))))
  save(tags, paste0(name, '-tags'))
  labels <- function(frame) do.call(rbind, lapply(names(frame), function(column) {
    values <- attr(frame[[column]], 'labels')
    if (is.null(values)) return(NULL)
    coded <- ifelse(is.na(values), na_tag(values), as.character(values))
    data.frame(column = column, code = coded, label = names(values))
  }))
  none <- data.frame(column = character(), code = character(), label = character())
  save(rbind(none, labels(sav)), paste0(name, '-savlabels'))
  save(rbind(none, labels(dta)), paste0(name, '-dtalabels'))
  titles <- data.frame(column = names(sav), sav = sapply(sav, function(x) attr(x, 'label')),
                       dta = sapply(dta, function(x) attr(x, 'label')))
  save(titles, paste0(name, '-titles'))
  ordered <- names(read)[sapply(read, is.ordered)]
  save(data.frame(column = ordered), paste0(name, '-ordered'))
}
