"""granian with the product read in before its processes are forked: they share what each would else read for itself.

Reading takes three seconds a process. Nothing is open yet when they are forked.
"""

import gc
import runpy

if __name__ == "__main__":
    gc.disable()  # nothing of what is read is garbage
    import core.project.wsgi  # noqa: F401 - every process takes it as it is

    gc.enable()
    runpy.run_module("granian", run_name="__main__", alter_sys=True)
