* hypnic, synthetic demo (nobody gave these answers): sleep starts (hypnic jerks) in a survey and diaries, version 1.0.0.
* SYNTHETIC: nobody gave these answers.
* From anywhere: INSERT FILE='FOLDER/load.sps' CD=YES.
* -6 withheld, -7 not asked, -8 do not know, -9 refused; system-missing was left blank.

GET FILE='data/study-demoSYNTHETIC_table-participants_data.sav'.
DATASET NAME participants.
GET FILE='data/study-demoSYNTHETIC_table-nights_data.sav'.
DATASET NAME nights.
GET FILE='data/study-demoSYNTHETIC_table-missingness_data.sav'.
DATASET NAME missingness.
GET FILE='data/study-demoSYNTHETIC_table-participantchoices_data.sav'.
DATASET NAME participant_choices.
GET FILE='data/study-demoSYNTHETIC_table-flags_data.sav'.
DATASET NAME flags.
DATASET ACTIVATE nights.
