// The icons that are used, by what they mean here. Lucide, ISC licence.
import accept from "lucide-static/icons/check.svg?raw";
import alert from "lucide-static/icons/triangle-alert.svg?raw";
import arrowRight from "lucide-static/icons/chevron-right.svg?raw";
import close from "lucide-static/icons/x.svg?raw";
import clock from "lucide-static/icons/clock.svg?raw";
import colours from "lucide-static/icons/sun.svg?raw";
import crosshair from "lucide-static/icons/crosshair.svg?raw";
import download from "lucide-static/icons/download.svg?raw";
import eye from "lucide-static/icons/eye.svg?raw";
import file from "lucide-static/icons/file-text.svg?raw";
import layers from "lucide-static/icons/layers.svg?raw";
import leave from "lucide-static/icons/log-out.svg?raw";
import link from "lucide-static/icons/link.svg?raw";
import list from "lucide-static/icons/list.svg?raw";
import lock from "lucide-static/icons/lock.svg?raw";
import minus from "lucide-static/icons/minus.svg?raw";
import offline from "lucide-static/icons/cloud-off.svg?raw";
import person from "lucide-static/icons/circle-user.svg?raw";
import plus from "lucide-static/icons/plus.svg?raw";
import polygon from "lucide-static/icons/pentagon.svg?raw";
import print from "lucide-static/icons/printer.svg?raw";
import search from "lucide-static/icons/search.svg?raw";
import undo from "lucide-static/icons/undo-2.svg?raw";
import wait from "lucide-static/icons/loader.svg?raw";
import compare from "lucide-static/icons/columns-2.svg?raw";
import camera from "lucide-static/icons/camera.svg?raw";
import back from "lucide-static/icons/chevron-left.svg?raw";
import phone from "lucide-static/icons/smartphone.svg?raw";
import walk from "lucide-static/icons/footprints.svg?raw";
import down from "lucide-static/icons/chevron-down.svg?raw";
import call from "lucide-static/icons/phone-call.svg?raw";
import stop from "lucide-static/icons/square.svg?raw";
import voice from "lucide-static/icons/mic.svg?raw";
import edit from "lucide-static/icons/square-pen.svg?raw";

export const ICONS = {
  accept, alert, arrowRight, back, call, camera, clock, close, colours, compare, crosshair, down, download, edit, eye, file, layers, leave, link, list,
  lock, minus, offline, person, phone, plus, polygon, print, search, stop, undo, voice, wait, walk,
};
export type IconName = keyof typeof ICONS;
