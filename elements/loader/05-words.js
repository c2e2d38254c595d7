// All that is said where a part did not come; everything else is in `texts/`.
const WORDS = {
  wall: { uk: "Читати на нашій сторінці", en: "Read on our own page" },
  donate: { uk: "Підтримати", en: "Support us" },
  account: { uk: "Моя підтримка", en: "My support" },
};
