# 中文。键按用处分组；en.ftl 的键必须与此完全相同。

## 问题

severity-warning = 注意
hint = 提示
problem-cannot-read = 打不开：{ $reason }
reason-not_found = 没有这个文件
reason-no_permission = 没有读取权限
reason-is_directory = 这是文件夹，不是文件
problem-empty-file = 文件是空的
problem-not-text = 不是文本文件
hint-not-text = 输入文件是 UTF-8 编码的文本；表格、图片和压缩包要先转换
problem-other-encoding = 编码像是 { $encoding }，不是 UTF-8
hint-other-encoding = 用记事本打开，另存为，编码选 UTF-8
problem-case-files-none = 文件夹里没有算例文件（.toml）
problem-case-files-many = 文件夹里有几个 .toml 文件：{ $found }
hint-case-files-many = 写明用哪一个文件
problem-too-large = 文件有 { $megabytes } MB，上限是 { $limit } MB
problem-syntax-duplicate = 同一个键写了两次
problem-syntax-unclosed = 引号或括号没有收尾
problem-syntax-quote = 文字要加英文引号 ""
problem-syntax-key = 这一行应写成「键 = 值」
problem-syntax-value = 等号后面没有值，或值写得不对
problem-syntax-comma = 逗号多了或少了
problem-syntax-date = 日期写得不对，或日历上没有这一天
problem-syntax-unit = 数后面不能跟别的字，单位已在键名里
problem-syntax-other = 不合 TOML 的写法：{ $reason }
hint-full-width = 这一行有中文符号，引号、等号、逗号、括号要用英文的：" = , [ ]
problem-unknown-key = 没有「{ $key }」这个键
hint-nearest = 是不是想写 { $nearest }？
hint-allowed = 可以写：{ $allowed }
problem-missing-key = 缺少 { $key }
problem-wrong-type = 应是{ $expected }，写的是 { $found }
type-number = 数
type-integer = 整数
type-text = 文字（加英文引号）
type-date = 日期（2026-11-01）
type-month_day = 月日（"11-01"）
type-list = 列表（用方括号）
type-bool = 「true」或「false」
type-table = 一组键（表）
type-winter = 采暖季（"2026-27"）
type-hours = 时段（"17-23"）
problem-not-finite = 不是有限的数
problem-out-of-range-both = { $value } 超出范围，应在 { $min } 到 { $max } 之间
problem-out-of-range-min = { $value } 太小，不能小于 { $min }
problem-out-of-range-max = { $value } 太大，不能大于 { $max }
problem-unlikely = { $value } 少见，一般在 { $min } 到 { $max } 之间，请核对
problem-not-one-of = 没有「{ $value }」这一项
problem-no-kind-none = 要写明是哪一种，写一个：{ $allowed }
problem-no-kind-many = 只能写一种，写了：{ $found }
problem-wrong-length = 有 { $found } 个，应有 { $expected } 个（与 { $because } 对应）
problem-out-of-order = { $value } 应大于它前面的 { $before }
problem-dates-overlap = 日期重叠：{ $first } 与 { $second }
problem-dates-gap = { $from } 到 { $to } 没有规定
problem-hours-not-covered = { $hours } 点被规定了 { $times } 次，应恰好一次
problem-open-end = 没有写到什么时候为止
hint-open-end = 写上 { $write }
problem-not-a-day = 日历上没有这一天：{ $value }
problem-shares-sum = 各份合计是 { $sum }，应是 1
problem-conflict = { $key } 与 { $other } 不能同时写
problem-needs = 写了 { $key } 就要写 { $other }
problem-duplicate = 「{ $id }」已经用过（{ $first }）
problem-unresolved = 没有这个{ $what }：{ $id }
thing-source = 来源
thing-product = 产品
thing-station = 气象站
thing-place = 地方
thing-option = 技术方案
thing-plan = 价格方案
thing-rule = 补贴规则
thing-example = 示例
problem-ambiguous-place = 叫「{ $name }」的地方不止一个：{ $candidates }
hint-ambiguous-place = 写全名

## 算例里的核对

case-heated-above-floor = 采暖面积 { $heated } m2 大于建筑面积 { $floor } m2
case-income-differs = 人均 { $person } 元 × { $people } 人 = { $product } 元，与全户 { $household } 元不符；按全户算
case-bill-differs = 按数量和单价是 { $product } 元，与所写的花费 { $bill } 元相差较多；按数量和单价算
case-fuel-per-area = 每平方米 { $value } kg，一般在 { $min } 到 { $max } kg 之间，请核对面积和吨数
case-twelve-months = 每月一个，应有 12 个，写了 { $found } 个
case-rooms = 采暖 { $heated } 间，多于总共 { $total } 间
case-no-fuel = 今天的取暖没有写用了多少，也没有写花了多少
case-not-a-winter = { $value } 不是采暖季，应写成 "2026-27"
case-not-hours = { $value } 不是时段，应写成 "17-23"（0 到 24 点）
case-date-outside-winter = { $date } 不在采暖季 { $winter } 里
case-listed-twice = { $id } 既在 include 又在 exclude

## 命令行上的写法

quick-not-quantity = 看不懂「{ $value }」
hint-quick-coal = 写成 7.5t、7.5吨 或 15000斤
hint-quick-gas = 写成 1200m3、1200方 或 1200立方
hint-quick-power = 写成 9000kwh 或 9000度
hint-quick-area = 写成 100、100m2 或 100平
hint-quick-number = 写一个数
hint-quick-count = 写一个整数

## 检查、示例、输出

check-good = { $file }：没有错误（{ $kind }）
file-kind-case = 算例
example-name = 名称
example-question = 问题
example-written = 已写入 { $folder }
output-cannot-write = 写不了 { $path }：{ $reason }
output-no-folder = 没有文件夹 { $folder }
output-no-permission = 没有写的权限
output-exists = 已经有同名的文件或文件夹

## 命令行

usage-see-help = 用 { $program } --help 看用法
usage-unknown-argument = 没有 { $arg } 这个选项
usage-unknown-command = 没有「{ $name }」这个命令
usage-no-value = { $arg } 后面要写值
usage-invalid-value = { $arg } 不能是「{ $value }」
usage-missing-argument = 缺少 { $arg }
usage-given-twice = { $arg } 只能写一次
usage-not-text = 命令行里有不是 UTF-8 的文字
help-label-usage = 用法
help-label-commands = 命令
help-label-positionals = 写什么
help-label-options = 选项
about-qingnuan = 清暖：算清洁取暖的细账。一户人家，改哪种取暖，自己掏多少，一冬花多少
usage-qingnuan = qingnuan 命令 [选项]
after-help-qingnuan = 例: qingnuan 示例 list
about-check = 检查：读文件，说出全部问题
usage-check = qingnuan check 文件或算例文件夹...
about-example = 示例：列出或取出自带的算例
usage-example = qingnuan example list | extract 名称 [文件夹]
about-example-list = 列出
usage-example-list = qingnuan example list
about-example-extract = 取出一个
usage-example-extract = qingnuan example extract 名称 [文件夹]
arg-help = 看用法
arg-version = 看版本
arg-data = 自己的数据文件夹，叠在自带的数据上
arg-lang = 语言，zh 中文（不写就是它），en 英文
arg-files = 文件，或只有一个算例的文件夹
arg-name = 示例的名称
arg-dir = 写到哪个文件夹，不写就是当前文件夹
