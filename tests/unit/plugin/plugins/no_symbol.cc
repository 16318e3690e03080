// A library like any other.
extern "C" __attribute__((visibility("default"))) int an_answer(void) { return 42; }
