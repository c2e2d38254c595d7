// What the elements say in English. The newsroom's own words come with /v1/newsroom, refusals with the API's
// problem+json. Sentences for a person: short, warm, exact. A heading names the parts that a sentence is built into.
({
  // == wall, donate, sign-in
  preview: "Preview for the newsroom.",
  // == wall, donate, sign-in, give
  unreachable: "We cannot reach the server. Check your connection and try again.",
  unexpected: "Something went wrong on our side. Please try again in a minute.",
  tooMany: "Too many people are asking at once. Please try again in a minute.",
  // == wall, donate, meter
  support: "Support us",
  // == wall
  raise: (now) => `You give ${now} now. Raise it, and the text opens at once.`,
  coming: "Your bank is still confirming your first payment, which can take a few days. Please don’t pay again: the text opens as soon as the money arrives.",
  raiseTo: (sum) => `Raise it to ${sum}`,
  rhythm: (sum, interval) => `${sum}\u00a0${{ month: "a\u00a0month", year: "a\u00a0year" }[interval]}`,
  sign_in_: "This article is for readers who support the newsroom.",
  support_: "You are signed in, but there is no support at this address for now. Support us, and the text opens.",
  higher_tier: (title) => `This article opens at the level “${title}”.`,
  payment_failed_: "Your last payment did not go through, so access is paused. Update your payment details and the text opens again.",
  give: "Give this article",
  hosted: "In this browser the full text opens on a separate page of the newsroom.",
  read: "Read on our own page",
  again: "Try again",
  card: "Update payment details",
  account: "My support",
  adds: "A new gift adds to what you already give and does not replace it.",
  withUs: "You are already with us",
  change: "What you give now, and how to change it, is on the page “My support”.",
  another: "Make another gift",
  have: "Already a supporter?",
  reading: (title) => `Your level: “${title}”.`,
  signedIn: "You are signed in.",
  out: "Sign out",
  thanks: "Thank you for your support! The text is open in this browser.",
  everywhere: "To read on all your devices, sign in",
  previewText: "Here readers with access see the full text.",
  // == donate
  changeIt: "Change what you give",
  second: "Yes, another gift beside it",
  often: "How often",
  once: "Once",
  month: "Monthly",
  year: "Yearly",
  amount: "How much",
  own: "Another amount",
  yours: "Your amount",
  currency: "Currency",
  button: (sum, interval) => `Support us: ${sum}${{ once: "", month: "\u00a0a\u00a0month", year: "\u00a0a\u00a0year" }[interval]}`,
  busy: "Opening the payment page…",
  badAmount: "Write the amount in digits, without separating thousands: 7.50 or 1500.",
  least: (sum) => `The smallest amount is ${sum}.`,
  most: (sum) => `The largest amount is ${sum}.`,
  opens: { once: (what, days, until) => `Opens ${what} for ${days} ${plural("en", days, { one: "day", other: "days" })}, until ${until}. If you already have access, the days are added.`,
    month: (what) => `Opens ${what} for as long as you give. You can stop at any time.`,
    year: (what, days, until) => `Opens ${what} until ${until}, then renews every year. You can stop at any time.` },
  nothing: "This amount supports the newsroom but opens nothing extra.",
  from: (sum, what) => `${sum} or more opens ${what}.`,
  page: () => "The payment page will be in another language.",
  test: "Test mode: no money is taken.",
  // == meter
  metered: (read, all, day) => {
    if (all === 1) return `This is the one open article of this month. The next: ${day}.`;
    const nth = ["first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth"][read - 1];
    const of = ["two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"][all - 2];
    return `${of ? `This is the ${nth} of ${of} open articles this month` : `Open articles this month: ${read} of ${all}`}. New ones: ${day}.`;
  },
  metered_again: (left, day) => `You have opened this article before this month, so it does not count again. ${left
    ? `${left} more ${left === 1 ? "is" : "are"} open to you; new ones` : "New ones"}: ${day}.`,
  meter_used: (day) => `You have read this month’s open articles.${day && ` New ones: ${day}.`} This one opens for readers who support the newsroom.`,
  more: "Readers who sign in have more open articles.",
  marks: "What we know about your reading",
  given: "Somebody gave you this article. Enjoy it!",
  after: "Did you like it? Articles like this exist because of those who support the newsroom.",
  gift_used_up: "This gift link has been used by as many people as it was for.",
  gift_over: "This gift link does not work any more.",
  // == give
  giveTo: (day) => `Send this link to whomever you like: it opens the article until ${day}.`,
  giveLink: "The link to send",
  share: "Share it",
  copy: "Copy it",
  copied: "Copied.",
  giveOn: "Confirm it is you, and give it",
  // == sign-in
  email: "The email address you gave at payment",
  enter: "Send a code",
  sent: (email) => `An email should reach ${email} within a minute. Enter the code from it here, or open its link. The code works for 10 minutes.`,
  code: "Code from the email",
  confirm: "Sign in",
  remember: "Remember me on this device",
  resend: "Send again",
  resent: "We sent another email.",
  other: "Another address",
  noEmail: "Please enter your email address.",
  noCode: "Enter the code from the email: eight characters.",
  // == wall
  signIn: "Sign in",
  // == account
  stranger_: "Sign in",
  known_: "My support",
  supporter_: "Thank you for your support",
  late_: "Payment failed",
})
