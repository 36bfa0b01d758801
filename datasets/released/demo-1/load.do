* hypnic, synthetic demo (nobody gave these answers): sleep starts (hypnic jerks) in a survey and diaries, version 1.0.0
* SYNTHETIC: nobody gave these answers
* In the folder of the release: do load.do  (Stata 16 or newer)
* .a not asked   .b do not know   .c refused   .d withheld   . left blank

capture frame create default
frame change default
capture frame drop participants
frame create participants
frame participants: use "data/study-demoSYNTHETIC_table-participants_data.dta", clear
capture frame drop nights
frame create nights
frame nights: use "data/study-demoSYNTHETIC_table-nights_data.dta", clear
capture frame drop missingness
frame create missingness
frame missingness: use "data/study-demoSYNTHETIC_table-missingness_data.dta", clear
capture frame drop participant_choices
frame create participant_choices
frame participant_choices: use "data/study-demoSYNTHETIC_table-participantchoices_data.dta", clear
capture frame drop flags
frame create flags
frame flags: use "data/study-demoSYNTHETIC_table-flags_data.dta", clear

frame change nights
frlink m:1 participant_id, frame(participants)
