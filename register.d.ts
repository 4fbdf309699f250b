/**
 * Puts the functions of rs-eventloop in the place of Node's, as `install()` does. Meant for
 * `node --require rs-eventloop/register` and `node --import rs-eventloop/register`; workers do the same as their parent.
 */
export {}
