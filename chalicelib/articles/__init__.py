"""Articles as the CMS puts them: their texts, who may read them, and what editors are warned of."""
