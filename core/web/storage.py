"""Static files under names that hold their content's digest, compressed beside the originals."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class StaticStorage(CompressedManifestStaticFilesStorage):
    """WhiteNoise's storage that also rewrites the imports between ES modules."""

    support_js_module_import_aggregation = True
