// Whether the API's cookies reach it from this page: only from origins that it lists. A page in a sandbox, or one
// without an address, is of another origin than its address says.
const cookiesReach = (news) => navigator.cookieEnabled && self.origin === location.origin
  && (!news?.cookie_origins || news.cookie_origins.includes(location.origin));
