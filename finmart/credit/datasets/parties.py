"""Columns by which files name whom they speak of, shared by the data sets."""

from finmart.credit.datasets.contract import Column, Kind

#: What suppliers write for the kinds of subject; our own codes are taken as they are.
KIND_CHOICES = {
    "企业": "enterprise",
    "个体工商户": "individual_business",
    "农民专业合作社": "cooperative",
    "合作社": "cooperative",
    "农户": "farmer",
    "居民": "person",
    "enterprise": "enterprise",
    "individual_business": "individual_business",
    "cooperative": "cooperative",
    "farmer": "farmer",
    "person": "person",
}

#: Our names of the columns that say who somebody is.
PERSON_BEARING = frozenset({"subject_code", "name"})

#: Kinds whose income, property and tax amounts are a natural person's (征信业管理条例 14): a sole trader is a person.
PERSONS = frozenset({"individual_business", "farmer", "person"})

#: Names of sole traders in a list without kinds begin so.
SOLE_TRADER_PREFIX = "个体经营"

#: Which scheme a code belongs to, where one file mixes them; without the column the import says it.
SCHEME_COLUMN = Column(
    "scheme",
    "标识类型",
    Kind.CHOICE,
    required=False,
    optional=True,
    choices={
        "统一社会信用代码": "uscc",
        "居民身份证": "resident_id",
        "提供单位编号": "supplier_code",
        "uscc": "uscc",
        "resident_id": "resident_id",
        "supplier_code": "supplier_code",
    },
    stored=False,
)
SUBJECT_COLUMN = Column("subject_code", "主体代码", Kind.CODE, stored=False)
CONSENT_COLUMN = Column("consent_on", "书面同意日期", Kind.DATE, required=False, optional=True)
