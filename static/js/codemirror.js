// The one place that names the bundle's version.
export * from "../vendor/codemirror-6.43.15/codemirror.js";
