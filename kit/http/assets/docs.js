// Shows the OpenAPI document of this server. Nothing is loaded from elsewhere.
(function () {
  "use strict";
  var words = {
    fr: {
      lead: "La documentation de l’API, servie par ce serveur même.",
      start: "Pour commencer",
      steps: [
        "Créez un compte ou connectez-vous : <code>POST /api/v1/auth/login</code>.",
        "Copiez <code>accessToken</code>, puis « Authorize » et collez-le.",
        "Ouvrez une opération, « Try it out », puis « Execute ». Les messages d’erreur suivent la langue choisie ici."
      ]
    },
    en: {
      lead: "The API’s documentation, served by this very server.",
      start: "Getting started",
      steps: [
        "Register or sign in: <code>POST /api/v1/auth/login</code>.",
        "Copy <code>accessToken</code>, choose “Authorize” and paste it.",
        "Open an operation, “Try it out”, then “Execute”. Error messages follow the language chosen here."
      ]
    }
  };
  var asked = new URLSearchParams(location.search).get("lang");
  var language = asked === "fr" || asked === "en" ? asked : (navigator.language || "fr").slice(0, 2) === "en" ? "en" : "fr";

  function show() {
    document.documentElement.lang = language;
    document.getElementById("lead").textContent = words[language].lead;
    document.getElementById("start-title").textContent = words[language].start;
    var steps = document.getElementById("steps");
    steps.replaceChildren();
    words[language].steps.forEach(function (step) {
      var item = document.createElement("li");
      item.innerHTML = step;
      steps.append(item);
    });
    document.querySelectorAll("button[data-lang]").forEach(function (button) {
      button.setAttribute("aria-pressed", String(button.dataset.lang === language));
    });
  }
  document.querySelectorAll("button[data-lang]").forEach(function (button) {
    button.addEventListener("click", function () {
      language = button.dataset.lang;
      show();
    });
  });
  show();
  window.SwaggerUIBundle({
    url: "/openapi.json",
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
      return request;
    }
  });
})();
