// News from the sandbox: one EventSource per acting person, and a slow poll while the stream is down. What an
// event means is decided in app.js.

const POLL_MS = 2000;

/**
 * Opens the stream for `as`. `onEvent` gets each event's data, `onPoll` runs every two seconds while the stream is
 * down, `onLink` hears "live" or "polling". Returns a function that ends it all.
 */
export function listen(as, { onEvent, onPoll, onLink }) {
  let source = null;
  let poll = 0;
  let retry = 0;
  let ended = false;
  // Between the first look at everything and the opening of the stream something may have happened as well.
  let missed = true;

  const stopPolling = () => {
    clearInterval(poll);
    poll = 0;
  };

  const startPolling = () => {
    if (poll || ended) return;
    missed = true;
    onLink("polling");
    poll = setInterval(onPoll, POLL_MS);
  };

  const open = () => {
    if (ended) return;
    source = new EventSource(`/page/stream?as=${encodeURIComponent(as)}`);
    source.onopen = () => {
      stopPolling();
      onLink("live");
      // Whatever happened while the stream was down was not told; ask once for everything.
      if (missed) onPoll();
      missed = false;
    };
    source.onmessage = (event) => {
      let data = null;
      try {
        data = JSON.parse(event.data);
      } catch {
        return;
      }
      onEvent(data);
    };
    source.onerror = () => {
      startPolling();
      if (source.readyState === EventSource.CLOSED) {
        clearTimeout(retry);
        retry = setTimeout(open, 3000);
      }
    };
  };

  open();
  return () => {
    ended = true;
    stopPolling();
    clearTimeout(retry);
    source?.close();
  };
}
