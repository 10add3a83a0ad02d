"""CDISC data sets into the tables of this project, without a mapping.

=================  ==========================================================================
`folder`           which file of a folder is which data set
`records`          picking the records of a data set; their cells keep heading, file and row
`parameters`       the parameters of a data set with PARAMCD, and who assessed them
`adsl`             ADSL, with the endpoints of ADRS and ADTTE beside each patient: patients
`adrs`             ADRS: the response at every visit, and the best response as derived there
`adtte`            ADTTE: times to an event as derived there, in days from day 0
`adae`             ADAE: adverse events
`adqs`             ADQS: scales of quality-of-life questionnaires
`rs`               RS of SDTM: the responses at every visit, read by one or several
`dv`               DV of SDTM, or ADDV: protocol deviations
`tr`               TR and TU of SDTM: sums of target diameters from the lesions
`adtr`             ADTR: the same as derived there
`target_sums`      sums beside the responses of the same visits
`tables`           all of these together
=================  ==========================================================================
"""
