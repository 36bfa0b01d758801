# hypnic, synthetic demo (nobody gave these answers): sleep starts (hypnic jerks) in a survey and diaries, version 1.0.0
# SYNTHETIC: nobody gave these answers
# From anywhere: source('FOLDER/load.R', chdir = TRUE)
library(readr)

folder <- if (exists('release')) release else '.'

# No answer is an empty cell, and nothing else is: na = '' keeps every word that looks like a missing one.
participants <- read_csv(file.path(folder, 'data', 'study-demoSYNTHETIC_table-participants_data.csv'), na = '', col_types = cols(
    participant_id = col_character(),
    schema_version = col_factor(c('1.0')),
    consent_open_data = col_logical(),
    age_band = col_factor(c('18-24', '25-34', '35-44', '45-54', '55-64', '65-74', '75+', '65+', '18-34', '35-64')),
    sex_at_birth = col_factor(c('female', 'male', 'other_or_undisclosed')),
    country_code = col_factor(c('AD', 'AE', 'AF', 'AG', 'AI', 'AL', 'AM', 'AO', 'AQ', 'AR', 'AS', 'AT', 'AU', 'AW', 'AX', 'AZ', 'BA', 'BB', 'BD', 'BE', 'BF', 'BG', 'BH', 'BI', 'BJ', 'BL', 'BM', 'BN', 'BO', 'BQ', 'BR', 'BS', 'BT', 'BV', 'BW', 'BY', 'BZ', 'CA', 'CC', 'CD', 'CF', 'CG', 'CH', 'CI', 'CK', 'CL', 'CM', 'CN', 'CO', 'CR', 'CU', 'CV', 'CW', 'CX', 'CY', 'CZ', 'DE', 'DJ', 'DK', 'DM', 'DO', 'DZ', 'EC', 'EE', 'EG', 'EH', 'ER', 'ES', 'ET', 'FI', 'FJ', 'FK', 'FM', 'FO', 'FR', 'GA', 'GB', 'GD', 'GE', 'GF', 'GG', 'GH', 'GI', 'GL', 'GM', 'GN', 'GP', 'GQ', 'GR', 'GS', 'GT', 'GU', 'GW', 'GY', 'HK', 'HM', 'HN', 'HR', 'HT', 'HU', 'ID', 'IE', 'IL', 'IM', 'IN', 'IO', 'IQ', 'IR', 'IS', 'IT', 'JE', 'JM', 'JO', 'JP', 'KE', 'KG', 'KH', 'KI', 'KM', 'KN', 'KP', 'KR', 'KW', 'KY', 'KZ', 'LA', 'LB', 'LC', 'LI', 'LK', 'LR', 'LS', 'LT', 'LU', 'LV', 'LY', 'MA', 'MC', 'MD', 'ME', 'MF', 'MG', 'MH', 'MK', 'ML', 'MM', 'MN', 'MO', 'MP', 'MQ', 'MR', 'MS', 'MT', 'MU', 'MV', 'MW', 'MX', 'MY', 'MZ', 'NAM', 'NC', 'NE', 'NF', 'NG', 'NI', 'NL', 'NO', 'NP', 'NR', 'NU', 'NZ', 'OM', 'PA', 'PE', 'PF', 'PG', 'PH', 'PK', 'PL', 'PM', 'PN', 'PR', 'PS', 'PT', 'PW', 'PY', 'QA', 'RE', 'RO', 'RS', 'RU', 'RW', 'SA', 'SB', 'SC', 'SD', 'SE', 'SG', 'SH', 'SI', 'SJ', 'SK', 'SL', 'SM', 'SN', 'SO', 'SR', 'SS', 'ST', 'SV', 'SX', 'SY', 'SZ', 'TC', 'TD', 'TF', 'TG', 'TH', 'TJ', 'TK', 'TL', 'TM', 'TN', 'TO', 'TR', 'TT', 'TV', 'TW', 'TZ', 'UA', 'UG', 'UM', 'US', 'UY', 'UZ', 'VA', 'VC', 'VE', 'VG', 'VI', 'VN', 'VU', 'WF', 'WS', 'YE', 'YT', 'ZA', 'ZM', 'ZW', 'ZZ', 'M49-015', 'M49-202', 'M49-419', 'M49-021', 'M49-143', 'M49-030', 'M49-035', 'M49-034', 'M49-145', 'M49-151', 'M49-154', 'M49-039', 'M49-155', 'M49-053', 'M49-054', 'M49-057', 'M49-061')),
    bed_partner = col_factor(c('never', 'some_nights', 'most_nights'), ordered = TRUE),
    shift_pattern = col_factor(c('none', 'early', 'late', 'rotating', 'night', 'any')),
    jerk_ever = col_factor(c('yes', 'no', 'unsure')),
    jerk_freq_12mo = col_factor(c('never', 'few_a_year', 'monthly', 'weekly', 'several_a_week', 'most_nights', 'every_night'), ordered = TRUE),
    jerk_nights_30d = col_integer(),
    jerk_locations_usual = col_character(),
    jerk_sensations_usual = col_character(),
    jerk_distress_0_10 = col_integer(),
    jerk_sleep_impact = col_factor(c('none', 'wakes_me', 'delays_sleep', 'fear_of_sleep'), ordered = TRUE),
    jerk_family_history = col_factor(c('yes', 'no')),
    movement_states = col_character(),
    movement_pattern = col_factor(c('single_isolated', 'irregular_cluster', 'regular_5_90_s', 'skin_flicker_no_limb_move', 'sustained_posture', 'none')),
    rls_features = col_character(),
    red_flag_any = col_logical(),
    dx_conditions = col_character(),
    med_classes = col_character(),
    med_change_30d = col_factor(c('none', 'started', 'stopped', 'dose_up', 'dose_down')),
    caffeine_usual_mg = col_double(),
    caffeine_after_14_usual_mg = col_double(),
    nicotine_use = col_factor(c('none', 'smoked', 'vaped', 'nrt_or_pouch', 'several')),
    alcohol_usual_g_wk = col_double(),
    audit_c_total = col_integer(),
    gad2_q1 = col_integer(),
    gad2_q2 = col_integer(),
    phq2_q1 = col_integer(),
    phq2_q2 = col_integer(),
    stress_usual_0_10 = col_integer(),
    exercise_vigorous_min_wk = col_integer(),
    exercise_late_days_wk = col_integer(),
    sleep_need_h = col_double(),
    sleep_usual_h = col_double(),
    supplements = col_character(),
    strategies_tried = col_character(),
    strategies_helped = col_character(),
    tests_done = col_character(),
    attention_ok = col_logical()
))

nights <- read_csv(file.path(folder, 'data', 'study-demoSYNTHETIC_table-nights_data.csv'), na = '', col_types = cols(
    participant_id = col_character(),
    night_index = col_integer(),
    evening_on_time = col_logical(),
    morning_lag_h = col_double(),
    next_day_free = col_logical(),
    caffeine_mg = col_double(),
    caffeine_after_14_mg = col_double(),
    caffeine_last_clock_h = col_double(),
    alcohol_g = col_double(),
    nicotine_evening_n = col_integer(),
    stress_0_10 = col_integer(),
    anxiety_bedtime_0_10 = col_integer(),
    strain_event = col_logical(),
    fatigue_bedtime_0_10 = col_integer(),
    exercise_min = col_integer(),
    exercise_intensity = col_factor(c('none', 'light', 'moderate', 'vigorous'), ordered = TRUE),
    exercise_type = col_factor(c('none', 'endurance', 'strength', 'mixed', 'stretching_or_yoga', 'other')),
    exercise_end_clock_h = col_double(),
    nap_min = col_integer(),
    hydration = col_factor(c('less_than_usual', 'usual', 'more_than_usual'), ordered = TRUE),
    magnesium_taken = col_logical(),
    sedative_taken = col_logical(),
    relaxation_min = col_integer(),
    unusual_night = col_factor(c('no', 'illness', 'travel', 'noise_or_child', 'other')),
    bed_clock_h = col_double(),
    sol_min = col_integer(),
    awakenings_n = col_integer(),
    waso_min = col_integer(),
    wake_clock_h = col_double(),
    sleep_quality_1_5 = col_integer(),
    jerk_count = col_integer(),
    jerk_reporter = col_factor(c('self', 'other_person', 'both', 'none')),
    jerk_intensity_0_4 = col_integer(),
    jerk_location = col_factor(c('leg', 'arm', 'trunk', 'head_neck', 'face_eyelid', 'whole_body', 'several')),
    jerk_sensation = col_factor(c('falling', 'shock', 'flash_of_light', 'bang_or_noise', 'dream_image', 'other', 'none')),
    jerk_timing = col_factor(c('drifting_off', 'after_night_waking', 'during_sleep', 'waking_up', 'awake_resting', 'several')),
    rhythmic_leg_moves = col_factor(c('no', 'yes')),
    awake_flicker = col_logical(),
    leg_cramp = col_logical()
))

missingness <- read_csv(file.path(folder, 'data', 'study-demoSYNTHETIC_table-missingness_data.csv'), na = '', col_types = cols(
    participant_id = col_character(),
    night_index = col_integer(),
    column = col_character(),
    reason = col_character()
))

participant_choices <- read_csv(file.path(folder, 'data', 'study-demoSYNTHETIC_table-participantchoices_data.csv'), na = '', col_types = cols(
    participant_id = col_character(),
    column = col_character(),
    token = col_character()
))

flags <- read_csv(file.path(folder, 'data', 'study-demoSYNTHETIC_table-flags_data.csv'), na = '', col_types = cols(
    participant_id = col_character(),
    night_index = col_integer(),
    rule = col_character()
))
