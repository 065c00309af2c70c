-- Reference tables shipped with popmap; each row carries its date and source.
-- $folder is replaced by the folder that holds them. Named columns spare the database a guess at each file's form.
CREATE TABLE countries AS SELECT * FROM read_csv('{folder}/countries.csv', auto_detect = false, header = true, delim = ',', quote = '"',
    columns = {"country": 'VARCHAR', "name": 'VARCHAR', "eea": 'VARCHAR', "group_name": 'VARCHAR', "as_of": 'VARCHAR', "source": 'VARCHAR'});
CREATE TABLE adequacy AS SELECT * FROM read_csv('{folder}/adequacy.csv', auto_detect = false, header = true, delim = ',', quote = '"',
    columns = {"country": 'VARCHAR', "decision": 'VARCHAR', "scope": 'VARCHAR', "from": 'VARCHAR', "until": 'VARCHAR', "as_of": 'VARCHAR', "source": 'VARCHAR'});
CREATE TABLE data_categories AS SELECT * FROM read_csv('{folder}/data_categories.csv', auto_detect = false, header = true, delim = ',', quote = '"',
    columns = {"key": 'VARCHAR', "name": 'VARCHAR', "parent": 'VARCHAR', "description": 'VARCHAR'});
CREATE TABLE data_uses AS SELECT * FROM read_csv('{folder}/data_uses.csv', auto_detect = false, header = true, delim = ',', quote = '"',
    columns = {"key": 'VARCHAR', "name": 'VARCHAR', "parent": 'VARCHAR', "description": 'VARCHAR'});
CREATE TABLE data_subjects AS SELECT * FROM read_csv('{folder}/data_subjects.csv', auto_detect = false, header = true, delim = ',', quote = '"',
    columns = {"key": 'VARCHAR', "name": 'VARCHAR', "parent": 'VARCHAR', "description": 'VARCHAR'});
