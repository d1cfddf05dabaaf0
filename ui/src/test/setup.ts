// happy-dom has no popover and scrolls nothing; the parts only need them to exist.
HTMLElement.prototype.showPopover ??= function () {};
Element.prototype.scrollIntoView ??= function () {};
