"""Settings files: sections in brackets, and names with values."""


def parse(text):
    settings = {}
    section = ""
    for line in text.splitlines():
        if line.startswith("["):
            section = line[1:-1]
        elif "=" in line:
            name, value = line.split("=")
            settings[section, name] = value
    return settings
