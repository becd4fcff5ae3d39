// Shows the OpenAPI document of this server, in the language of the page. Nothing is loaded from elsewhere.
(function () {
  "use strict";
  var language = document.documentElement.lang;
  var words = window.socleWords[language];

  document.getElementById("lead").textContent = words.lead;
  document.getElementById("start-title").textContent = words.start;
  document.getElementById("stream-title").textContent = words.stream;
  words.steps.forEach(function (step) {
    var item = document.createElement("li");
    item.innerHTML = step;
    document.getElementById("steps").append(item);
  });
  document.querySelectorAll("button[data-lang]").forEach(function (button) {
    button.setAttribute("aria-pressed", String(button.dataset.lang === language));
    button.addEventListener("click", function () {
      location.search = "?lang=" + button.dataset.lang;
    });
  });
  if (language === "fr") {
    window.socleTranslateViewer(document.getElementById("ui"));
  }
  window.SwaggerUIBundle({
    url: "/openapi.json?lang=" + language,
    dom_id: "#ui",
    deepLinking: true,
    docExpansion: "list",
    defaultModelsExpandDepth: -1,
    persistAuthorization: false,
    displayRequestDuration: true,
    validatorUrl: null,
    requestInterceptor: function (request) {
      if (request.headers) {
        request.headers["Accept-Language"] = language;
      }
      request.userFetch = window.socleFetch;
      return request;
    }
  });
})();
