# Weights by the chance of a dose, and SIMEX, in base R: written from the papers, sharing no code with hypnic.
# No package of R in Debian 12 does either. Run in this folder:
#   Rscript own_diary.R
# It writes simdiary_msm_own.json and diary40_simex_own.json. `polr` only gives where to start.
tell <- function(x) paste0("{", paste(sprintf('"%s":%s', names(x), vapply(x, function(v)
  if (is.list(v)) tell(v) else sprintf("%.17g", v), "")), collapse = ","), "}")

# ---- a marginal structural model -------------------------------------------------------------------------------------
d <- read.csv("simdiary.csv")
d <- d[order(d$pid, d$night), ]
key <- paste(d$pid, d$night)
d$before <- log1p(d$y[match(paste(d$pid, d$night - 1), key)])
d <- d[!is.na(d$before), ]
d <- d[ave(d$y, d$pid, FUN = length) > 1, ]
others <- function(v) (ave(v, d$pid, FUN = sum) - v) / (ave(v, d$pid, FUN = length) - 1)
usual <- cbind(others(d$caf), others(d$stress), others(d$alc))
past <- cbind(usual, d$stress, d$alc, d$before)
lowest <- d$caf == min(d$caf)
rest <- if (mean(lowest) >= 0.1) d$caf[!lowest] else d$caf
class <- findInterval(d$caf, unique(quantile(rest, 1:9 / 10)), left.open = TRUE) + 1
if (mean(lowest) >= 0.1) class[lowest] <- 0
class <- match(class, sort(unique(class)))

ordered_logit <- function(x, class) {
  k <- max(class) - 1
  parts <- function(theta) {
    cuts <- c(-Inf, theta[1:k], Inf)
    line <- drop(x %*% theta[-(1:k)])
    up <- cuts[class + 1] - line
    low <- cuts[class] - line
    list(p = plogis(up) - plogis(low), up = dlogis(up), low = dlogis(low))
  }
  scores <- function(theta) {
    q <- parts(theta)
    cuts <- outer(class, 1:k, "==") * q$up - outer(class - 1, 1:k, "==") * q$low
    cbind(cuts, -x * (q$up - q$low)) / q$p
  }
  slope <- function(theta) vapply(seq_along(theta), function(j) {
    h <- 1e-5 * max(1, abs(theta[j])); e <- replace(0 * theta, j, h)
    (colSums(scores(theta + e)) - colSums(scores(theta - e))) / (2 * h)
  }, theta)
  start <- MASS::polr(factor(class) ~ x)
  theta <- unname(c(start$zeta, coef(start)))
  for (i in 1:8) theta <- theta - solve(slope(theta), colSums(scores(theta)))
  list(theta = theta, scores = scores(theta), information = -slope(theta), logp = function(t) log(parts(t)$p))
}
top <- ordered_logit(usual, class)
bottom <- ordered_logit(past, class)
theta <- c(top$theta, bottom$theta)
raw <- function(t) exp(top$logp(t[seq_along(top$theta)]) - bottom$logp(t[-seq_along(top$theta)]))
ends <- quantile(raw(theta), c(0.01, 0.99))
weights <- function(t) pmin(pmax(raw(t), ends[1]), ends[2])
# What each person tells of the coefficients of both models of the dose.
told <- rbind(solve(top$information, t(rowsum(top$scores, d$pid))),
              solve(bottom$information, t(rowsum(bottom$scores, d$pid))))

weighted <- function(x) {
  keep <- ave(d$y, d$pid, FUN = sum) > 0
  x <- x[keep, , drop = FALSE]; y <- d$y[keep]; pid <- d$pid[keep]
  equations <- function(beta, w) {  # with each person's own level at its best for them
    rate <- exp(drop(x %*% beta))
    mu <- rate * ave(w * y, pid, FUN = sum) / ave(w * rate, pid, FUN = sum)
    within <- apply(x, 2, function(v) v - ave(w * mu * v, pid, FUN = sum) / ave(w * mu, pid, FUN = sum))
    list(rows = within * w * (y - mu), within = within, w = w * mu, left = w * (y - mu))
  }
  w <- weights(theta)[keep]
  # glm for the estimate: one intercept a person.
  fitted <- glm(y ~ x + factor(pid), quasipoisson, weights = w, control = list(epsilon = 1e-15, maxit = 100))
  beta <- coef(fitted)[1 + seq_len(ncol(x))]
  at <- equations(beta, w)
  bread <- solve(crossprod(at$within * sqrt(at$w)))
  by_theta <- vapply(seq_along(theta), function(j) {
    h <- 1e-6; e <- replace(0 * theta, j, h)
    (colSums(equations(beta, weights(theta + e)[keep])$rows) -
       colSums(equations(beta, weights(theta - e)[keep])$rows)) / (2 * h)
  }, numeric(ncol(x)))
  influence <- matrix(by_theta, ncol(x)) %*% told
  colnames(influence) <- colnames(told)
  for (one in unique(pid)) {
    s <- pid == one
    half <- at$within[s, , drop = FALSE] * sqrt(at$w[s])
    hat <- half %*% bread %*% t(half)
    influence[, as.character(one)] <- influence[, as.character(one)] +
      t(half) %*% solve(diag(sum(s)) - hat, at$left[s] / sqrt(at$w[s]))
  }
  half <- bread %*% influence
  list(coef = unname(beta[1]), se = sqrt((half %*% t(half))[1, 1]))
}
w <- weights(theta)
msm <- list(alone = weighted(cbind(d$caf)), both = weighted(cbind(d$caf, d$stress, d$alc, d$before)),
            weights = list(mean = mean(w), sd = sd(w), lowest = min(w), highest = max(w)))
writeLines(tell(msm), "simdiary_msm_own.json")

# ---- SIMEX -----------------------------------------------------------------------------------------------------------
d <- read.csv("diary40.csv")
d <- d[ave(d$y, d$pid, FUN = sum) > 0, ]
size <- 0.3; draws <- 5; added <- c(0.5, 1, 1.5, 2)
all_rows <- nrow(read.csv("diary40.csv"))
there <- ave(read.csv("diary40.csv")$y, read.csv("diary40.csv")$pid, FUN = sum) > 0
told <- function(dose) {
  x <- cbind(dose, d$stress)
  fitted <- glm(d$y ~ x + factor(d$pid), poisson, control = list(epsilon = 1e-15, maxit = 100))
  p <- 2; n <- nrow(d); g <- length(unique(d$pid))
  # Sandwich's clustered errors without a correction, then ours: g / (g - 1) (n - 1) / (n - slopes).
  v <- sandwich::vcovCL(fitted, cluster = d$pid, type = "HC0", cadjust = FALSE)[2, 2]
  c(coef(fitted)[2], v * g / (g - 1) * (n - 1) / (n - p))
}
count <- 0
found <- c(0, told(d$alc))
for (a in added) {
  one <- vapply(seq_len(draws), function(i) {
    # Numbers that spread evenly, made normal: the same in every language.
    z <- qnorm(((count + seq_len(all_rows)) * (sqrt(5) - 1) / 2) %% 1)
    count <<- count + all_rows
    sd <- size * sqrt(a)
    told(d$alc * exp(sd * z[there] - sd^2 / 2))
  }, numeric(2))
  found <- rbind(found, c(a, mean(one[1, ]), mean(one[2, ]) - var(one[1, ])))
}
back <- function(v) unname(predict(lm(v ~ a + I(a^2), data.frame(a = found[, 1], v = v)), data.frame(a = -1)))
simex <- list(estimate = back(found[, 2]), se = sqrt(back(found[, 3])),
              naive = found[1, 2], naive_se = sqrt(found[1, 3]))
writeLines(tell(simex), "diary40_simex_own.json")
