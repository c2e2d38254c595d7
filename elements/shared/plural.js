const plural = (count, one, few, many) =>
  ({ one, few })[new Intl.PluralRules("uk").select(count)] || many;
