// The server has the half page now: the copy on this device has done its duty.
import { DeviceCopy } from "./device-copy.js";

DeviceCopy.forget();
