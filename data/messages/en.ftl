# English. The keys must be exactly those of zh.ftl.

## Problems

severity-warning = note
hint = hint
problem-cannot-read = cannot be opened: { $reason }
reason-not_found = there is no such file
reason-no_permission = no permission to read it
reason-is_directory = this is a folder, not a file
problem-empty-file = the file is empty
problem-not-text = not a text file
hint-not-text = input files are text in UTF-8; convert sheets, pictures and archives first
problem-other-encoding = the encoding seems to be { $encoding }, not UTF-8
hint-other-encoding = open it in an editor and save it as UTF-8
problem-case-files-none = the folder holds no case file (.toml)
problem-case-files-many = the folder holds several .toml files: { $found }
hint-case-files-many = name the one to use
problem-too-large = the file has { $megabytes } MB, the limit is { $limit } MB
problem-syntax-duplicate = the same key stands twice
problem-syntax-unclosed = a quote or bracket is not closed
problem-syntax-quote = text stands in quotes ""
problem-syntax-key = this line should read "key = value"
problem-syntax-value = no value after the equals sign, or not a value
problem-syntax-comma = a comma too many or too few
problem-syntax-date = not a date, or not a day of the calendar
problem-syntax-unit = nothing can follow a number; its unit is in the key
problem-syntax-other = not TOML: { $reason }
hint-full-width = this line has full-width signs; use the ASCII ones: " = , [ ]
problem-unknown-key = there is no key "{ $key }"
hint-nearest = did you mean { $nearest }?
hint-allowed = allowed: { $allowed }
problem-missing-key = { $key } is missing
problem-wrong-type = should be { $expected }, found { $found }
type-number = a number
type-integer = a whole number
type-text = text (in quotes)
type-date = a date (2026-11-01)
type-month_day = a day of the year ("11-01")
type-list = a list (in brackets)
type-bool = true or false
type-table = a table of keys
type-winter = a winter ("2026-27")
type-hours = hours ("17-23")
problem-not-finite = not a finite number
problem-out-of-range-both = { $value } is out of range, allowed are { $min } to { $max }
problem-out-of-range-min = { $value } is too small, the smallest allowed is { $min }
problem-out-of-range-max = { $value } is too large, the largest allowed is { $max }
problem-unlikely = { $value } is unusual, usual are { $min } to { $max }; please check
problem-not-one-of = "{ $value }" is not in the list
problem-no-kind-none = the kind must be named by one of: { $allowed }
problem-no-kind-many = only one kind can be named, found: { $found }
problem-wrong-length = has { $found } entries, should have { $expected } (to fit { $because })
problem-out-of-order = { $value } must be above the one before it ({ $before })
problem-dates-overlap = dates overlap: { $first } and { $second }
problem-dates-gap = nothing is stated from { $from } to { $to }
problem-hours-not-covered = hours { $hours } are covered { $times } times, must be once
problem-open-end = it does not say when it ends
hint-open-end = write { $write }
problem-not-a-day = not a day of the calendar: { $value }
problem-shares-sum = the shares sum to { $sum }, must be 1
problem-conflict = { $key } and { $other } exclude each other
problem-needs = { $key } needs { $other }
problem-duplicate = "{ $id }" is already used ({ $first })
problem-unresolved = there is no { $what } { $id }
thing-source = source
thing-product = product
thing-station = station
thing-place = place
thing-option = option
thing-plan = plan
thing-rule = subsidy rule
thing-example = example
problem-ambiguous-place = several places are called "{ $name }": { $candidates }
hint-ambiguous-place = write the full name

## Cross checks of a case

case-heated-above-floor = the heated area { $heated } m2 is larger than the floor area { $floor } m2
case-income-differs = { $person } CNY a person x { $people } people = { $product } CNY does not agree with { $household } CNY a household; the household figure is used
case-bill-differs = amount times price is { $product } CNY, far from the stated { $bill } CNY; amount times price is used
case-fuel-per-area = { $value } kg a square metre, usual are { $min } to { $max } kg; check area and tonnes
case-twelve-months = one a month makes 12 entries, found { $found }
case-rooms = { $heated } heated rooms are more than { $total } rooms in all
case-no-fuel = today's heating says neither how much was used nor what it cost
case-not-a-winter = { $value } is not a winter, write "2026-27"
case-not-hours = { $value } are not hours, write "17-23" (0 to 24)
case-date-outside-winter = { $date } is not in the winter { $winter }
case-listed-twice = { $id } is both included and excluded

## What is written on the command line

quick-not-quantity = cannot read "{ $value }"
hint-quick-coal = write 7.5t
hint-quick-gas = write 1200m3
hint-quick-power = write 9000kwh
hint-quick-area = write 100 or 100m2
hint-quick-number = write a number
hint-quick-count = write a whole number

## Check, examples, output

check-good = { $file }: no errors ({ $kind })
file-kind-case = case
example-name = name
example-question = question
example-written = written to { $folder }
output-cannot-write = cannot write { $path }: { $reason }
output-no-folder = there is no folder { $folder }
output-no-permission = no permission to write
output-exists = a file or folder of that name exists

## Command line

usage-see-help = see { $program } --help
usage-unknown-argument = there is no option { $arg }
usage-unknown-command = there is no command "{ $name }"
usage-no-value = { $arg } needs a value
usage-invalid-value = { $arg } cannot be "{ $value }"
usage-missing-argument = { $arg } is missing
usage-given-twice = { $arg } can be given once only
usage-not-text = the command line holds text that is not UTF-8
help-label-usage = Usage
help-label-commands = Commands
help-label-positionals = Arguments
help-label-options = Options
about-qingnuan = qingnuan: the careful account of clean heating for one household
usage-qingnuan = qingnuan COMMAND [OPTIONS]
after-help-qingnuan = For instance: qingnuan example list
about-check = read files and tell every problem
usage-check = qingnuan check FILE-OR-CASE-FOLDER...
about-example = list or extract the bundled examples
usage-example = qingnuan example list | extract NAME [DIR]
about-example-list = list them
usage-example-list = qingnuan example list
about-example-extract = extract one
usage-example-extract = qingnuan example extract NAME [DIR]
arg-help = show this help
arg-version = show the version
arg-data = a data folder of your own, laid over the embedded data
arg-lang = language, zh (the default) or en
arg-files = files, or folders with one case each
arg-name = name of the example
arg-dir = folder to write into, the current one if left out
