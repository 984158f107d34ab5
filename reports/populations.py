"""How many people live in each province: what "for every 100,000" divides by.

Seventh National Population Census, as of 1 November 2020: Communiqué No. 3 of the National Bureau
of Statistics, 11 May 2021; Hong Kong, Macao and Taiwan as stated in the same communiqué.
"""

from __future__ import annotations

from collections.abc import Mapping

from accounts.models import Province

POPULATION: Mapping[str, int] = {
    Province.BEIJING: 21_893_095,
    Province.TIANJIN: 13_866_009,
    Province.HEBEI: 74_610_235,
    Province.SHANXI: 34_915_616,
    Province.INNER_MONGOLIA: 24_049_155,
    Province.LIAONING: 42_591_407,
    Province.JILIN: 24_073_453,
    Province.HEILONGJIANG: 31_850_088,
    Province.SHANGHAI: 24_870_895,
    Province.JIANGSU: 84_748_016,
    Province.ZHEJIANG: 64_567_588,
    Province.ANHUI: 61_027_171,
    Province.FUJIAN: 41_540_086,
    Province.JIANGXI: 45_188_635,
    Province.SHANDONG: 101_527_453,
    Province.HENAN: 99_365_519,
    Province.HUBEI: 57_752_557,
    Province.HUNAN: 66_444_864,
    Province.GUANGDONG: 126_012_510,
    Province.GUANGXI: 50_126_804,
    Province.HAINAN: 10_081_232,
    Province.CHONGQING: 32_054_159,
    Province.SICHUAN: 83_674_866,
    Province.GUIZHOU: 38_562_148,
    Province.YUNNAN: 47_209_277,
    Province.TIBET: 3_648_100,
    Province.SHAANXI: 39_528_999,
    Province.GANSU: 25_019_831,
    Province.QINGHAI: 5_923_957,
    Province.NINGXIA: 7_202_654,
    Province.XINJIANG: 25_852_345,
    Province.TAIWAN: 23_561_236,
    Province.HONG_KONG: 7_474_200,
    Province.MACAO: 683_218,
}


def per_hundred_thousand(people: int, province: str) -> float | None:
    """People for every 100,000 who live in a province; None of an unknown one."""
    population = POPULATION.get(province)
    return None if population is None else 100_000 * people / population
