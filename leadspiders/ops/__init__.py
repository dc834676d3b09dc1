"""What people see of a campaign: live progress, the verdict, reports. It reads and never changes a lead.

May import `stores`, `campaigns`, `items` and `errors`. A new view is one file here over the dict of `scrapy status`.
"""
