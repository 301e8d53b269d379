"""The order of jobs that need one another."""


def order(needs):
    """Jobs so that each comes after what it needs; ``needs`` has a list of jobs for each job."""
    done = []

    def visit(job):
        for needed in needs.get(job, []):
            visit(needed)
        if job not in done:
            done.append(job)

    for job in sorted(needs):
        visit(job)
    return done
