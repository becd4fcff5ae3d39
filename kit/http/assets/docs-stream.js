// A stream never ends by itself, so the viewer would wait for ever: its entries are shown here as they arrive, until the
// reader stops it. The viewer is then given what came.
(function () {
  "use strict";
  var panel = document.getElementById("stream");
  var log = document.getElementById("stream-log");
  var state = document.getElementById("stream-state");
  var button = document.getElementById("stream-stop");
  var running = null;
  var KEPT = 200000;

  function words() {
    return window.socleWords[document.documentElement.lang];
  }

  function entries(text) {
    return (text.match(/^data:/gm) || []).length;
  }

  function begin(abort) {
    if (running) {
      running();
    }
    running = abort;
    log.textContent = "";
    state.textContent = words().open(0);
    button.textContent = words().stop;
    panel.hidden = false;
    document.body.classList.add("streaming");
  }

  function end(abort, text) {
    if (running !== abort) {
      return;
    }
    running = null;
    state.textContent = words().over(entries(text));
    button.textContent = words().close;
    document.body.classList.remove("streaming");
  }

  button.addEventListener("click", function () {
    if (running) {
      running();
    } else {
      panel.hidden = true;
    }
  });

  function read(response, abort) {
    var reader = response.body.getReader();
    var decoder = new TextDecoder();
    var text = "";
    begin(abort);
    function next() {
      return reader.read().then(function (part) {
        if (part.done) {
          return text;
        }
        text = (text + decoder.decode(part.value, { stream: true })).slice(-KEPT);
        if (running === abort) {
          var atEnd = log.scrollTop + log.clientHeight >= log.scrollHeight - 8;
          log.textContent = text;
          state.textContent = words().open(entries(text));
          if (atEnd) {
            log.scrollTop = log.scrollHeight;
          }
        }
        return next();
      });
    }
    return next().catch(function () { return text; }).then(function (all) {
      end(abort, all);
      return all;
    });
  }

  // As `fetch`, but for streams, whose text is what came until they were stopped.
  window.socleFetch = function (url, request) {
    var controller = new AbortController();
    return fetch(url, Object.assign({}, request, { signal: controller.signal })).then(function (response) {
      var media = response.headers.get("content-type") || "";
      if (media.indexOf("text/event-stream") === 0) {
        response.text = function () {
          return read(response, function () { controller.abort(); });
        };
      }
      return response;
    });
  };
})();
