// The words of the page in both languages, and the French of the viewer's own words, which it has in English only.
(function () {
  "use strict";
  window.socleWords = {
    fr: {
      lead: "La documentation de l’API, servie par ce serveur même.",
      start: "Pour commencer",
      steps: [
        "Créez un compte ou connectez-vous : <code>POST /api/v1/auth/login</code>.",
        "Copiez <code>accessToken</code>, puis « S’identifier » et collez-le.",
        "Ouvrez une opération, « Essayer », puis « Exécuter ». Tout suit la langue choisie ici ; les noms des champs et des codes ne changent jamais."
      ],
      stream: "Flux en direct",
      stop: "Arrêter",
      close: "Fermer",
      open: function (count) { return "ouvert, " + count + (count > 1 ? " entrées reçues" : " entrée reçue"); },
      over: function (count) { return "fini, " + count + (count > 1 ? " entrées reçues" : " entrée reçue"); }
    },
    en: {
      lead: "The API’s documentation, served by this very server.",
      start: "Getting started",
      steps: [
        "Register or sign in: <code>POST /api/v1/auth/login</code>.",
        "Copy <code>accessToken</code>, choose “Authorize” and paste it.",
        "Open an operation, “Try it out”, then “Execute”. Everything follows the language chosen here; names of fields and codes never change."
      ],
      stream: "Live stream",
      stop: "Stop",
      close: "Close",
      open: function (count) { return "open, " + count + (count === 1 ? " entry received" : " entries received"); },
      over: function (count) { return "over, " + count + (count === 1 ? " entry received" : " entries received"); }
    }
  };

  var viewer = {
    "Authorize": "S’identifier", "Logout": "Oublier le jeton", "Close": "Fermer", "Available authorizations": "Identification",
    "Authorized": "Identifié", "Value:": "Valeur :", "Value": "Valeur", "Try it out": "Essayer", "Try it out ": "Essayer ", "Cancel": "Annuler",
    "Execute": "Exécuter", "Clear": "Effacer", "Reset": "Rétablir", "Download": "Télécharger", "Parameters": "Paramètres",
    "No parameters": "Aucun paramètre", "Name": "Nom", "Description": "Description", "Responses": "Réponses",
    "Response": "Réponse", "Server response": "Réponse du serveur", "Response body": "Corps de la réponse",
    "Response headers": "En-têtes de la réponse", "Request duration": "Durée de la requête", "Request URL": "URL de la requête",
    "Request body": "Corps de la requête", "Code": "Code", "Details": "Détails", "Links": "Liens", "No links": "Aucun lien",
    "Media type": "Type de contenu", "Controls ": "Commande l’en-tête ", " header.": ".", "Example Value": "Exemple",
    "Schema": "Schéma", "Servers": "Serveurs", "Headers:": "En-têtes :", "Type": "Type", "required": "obligatoire",
    "Undocumented": "Non documenté", "Error:": "Erreur :", "Loading...": "Chargement…", "LOADING": "CHARGEMENT",
    "Send empty value": "Envoyer une valeur vide", "Add string item": "Ajouter un texte", "Add item": "Ajouter",
    "Default value": "Valeur par défaut", "Available values": "Valeurs possibles", "Example": "Exemple", "Examples": "Exemples",
    "Expand all": "Tout déplier", "Collapse all": "Tout replier", "Failed to fetch.": "La requête n’a pas abouti.",
    "Possible Reasons:": "Causes possibles :", "Network Failure": "panne du réseau", "Copy to clipboard": "Copier",
    "Edit Value": "Modifier", "Example Description": "Description de l’exemple", "Response content type": "Type de la réponse",
    "Unrecognized response type; displaying content as text.": "Type inconnu ; le contenu est montré comme texte.",
    "Download file": "Télécharger le fichier", "No response body": "Pas de corps",
    "Additional properties": "Autres propriétés", "forbidden": "interdites", "allowed": "permises",
    "Bad Request": "Requête refusée", "Unauthorized": "Non identifié", "Forbidden": "Interdit", "Not Found": "Introuvable"
  };
  // The viewer's own words within a schema: its buttons, the names of what limits a value, and those limits.
  var ownInSchema = ".parameter__default, .parameter__enum, .json-schema-2020-12-expand-deep-button, " +
    ".json-schema-2020-12-keyword__name, .json-schema-2020-12-keyword__value--secondary";
  var limits = [
    [/ characters$/, " caractères"], [/ items$/, " éléments"], [/^matches /, "de la forme "], [/ properties$/, " propriétés"]
  ];
  // Where texts are data, nothing is translated.
  var data = "pre, code, textarea, input, .opblock-summary-path, .renderedMarkdown, td .parameter__name, .json-schema-2020-12";

  function translate(node) {
    if (node.nodeType !== Node.TEXT_NODE) {
      node.childNodes.forEach(translate);
      return;
    }
    var parent = node.parentElement;
    var text = node.nodeValue;
    var french = Object.prototype.hasOwnProperty.call(viewer, text) ? viewer[text] : viewer[text.trim()];
    // The viewer writes the default and the choices of a parameter as if they were part of its description.
    var isOwn = parent && (!parent.closest(data) || parent.closest(ownInSchema));
    if (french && french !== text && isOwn) {
      node.nodeValue = french;
    } else if (parent && parent.closest(".json-schema-2020-12__constraint")) {
      var said = limits.reduce(function (words, limit) { return words.replace(limit[0], limit[1]); }, text);
      if (said !== text) {
        node.nodeValue = said;
      }
    }
  }

  // Says the viewer's words in French, those that it writes later too.
  window.socleTranslateViewer = function (root) {
    new MutationObserver(function (changes) {
      changes.forEach(function (change) {
        if (change.type === "characterData") {
          translate(change.target);
        }
        change.addedNodes.forEach(translate);
      });
    }).observe(root, { childList: true, subtree: true, characterData: true });
  };
})();
