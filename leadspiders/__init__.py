"""Lead generation on Scrapy: sources in, verified and explained leads out, nothing lost in between."""

__version__ = "0.1.0"
