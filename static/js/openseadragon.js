// The one place that names the bundle's version; loaded only when a scan is examined.
export { default } from "../vendor/openseadragon-6.1.1/openseadragon.js";
