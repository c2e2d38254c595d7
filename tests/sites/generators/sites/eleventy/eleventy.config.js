import { feedPlugin } from "@11ty/eleventy-plugin-rss";

export default function (eleventy) {
  eleventy.addPlugin(feedPlugin, {
    type: "atom",
    outputPath: "/feed/feed.xml",
    collection: { name: "posts", limit: 0 },
    metadata: { language: "uk", title: "Вісті Надріччя", base: "http://127.0.0.1:8082/", author: { name: "Вісті" } },
  });
  eleventy.addPlugin(feedPlugin, {
    type: "json",
    outputPath: "/feed/feed.json",
    collection: { name: "posts", limit: 0 },
    metadata: { language: "uk", title: "Вісті Надріччя", base: "http://127.0.0.1:8082/", author: { name: "Вісті" } },
  });
}
