-- Reference tables shipped with popmap; each row carries its date and source.
-- $folder is replaced by the folder that holds them.
CREATE TABLE countries AS SELECT * FROM read_csv('{folder}/countries.csv', all_varchar = true, header = true, delim = ',');
CREATE TABLE adequacy AS SELECT * FROM read_csv('{folder}/adequacy.csv', all_varchar = true, header = true, delim = ',');
CREATE TABLE data_categories AS SELECT * FROM read_csv('{folder}/data_categories.csv', all_varchar = true, header = true, delim = ',');
CREATE TABLE data_uses AS SELECT * FROM read_csv('{folder}/data_uses.csv', all_varchar = true, header = true, delim = ',');
CREATE TABLE data_subjects AS SELECT * FROM read_csv('{folder}/data_subjects.csv', all_varchar = true, header = true, delim = ',');
