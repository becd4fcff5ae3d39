//! The words that common passwords are built on, in French and in English, written down from everyday knowledge.

/// Lower case, unaccented, sorted, separated by spaces and line ends.
pub(crate) const WORDS: &str = "
abc abcd abcde abcdef abcdefg abcdefgh acces access admin administrateur administration administrator
adrien africa afrique alexander alexandra alexandre alexis algerie alphabet alsace always amanda amazon
america american ami amie amis amour amoureux anais andrew android ange angel angels anthony antoine
anything aout apple april arcenciel argent argentina army arsenal arthur asdf ashley assassin asshole audi
audrey august aurelie australia automne autumn avengers avril azerty babe baby babyboy babygirl babylove
badboy badgirl baguette bailey banana bandit bank banque barcelona baseball basketball batman beach bear
bears beatles bebe beijing belgique bella benjamin benoit berlin bestfriend beyonce bible bienvenue bisou
bisous bitch biteme black blanc blanche blessed bleu blink blue bmw bonbon bonjour bonsoir bordeaux boss
boston boxing brandon brasil brazil bretagne broncos brother bruno bruxelles bulls bureau burger business
buster butterfly cafe california calin caline callofduty camaro camille canada candy capitaine captain
caramel caroline casablanca cat catherine catwoman cedric celtics cerise chance changeit changeme
changemoi charlie chat chaton cheese chef chelsea cheri cherie cherry cheval chevy chicago chief chien
children china chloe chocolat chocolate christ christian christine christopher ciel cisco citroen claire
coco coeur coffee college company computer connard cookie cookies cool copain copine corse corvette coucou
counterstrike cowboy cowboys cracker crazy cricket croissant crystal cycling daddy daisy dakar dallas
dance dancer daniel danielle danse darling database dauphin david debian december decembre default defaut
delphine demo demonstration destin destiny deutschland diablo diamond dieu dimanche docker dog doggie
doggy dollar dolphin dolphins dominique doom doudou dragon dragonball dumbledore eagle eagles earth eau
eclair ecole egalite elephant elise elodie emilie emily eminem emma encule energy enfant england english
entreprise espana ete etoile etudiant euro europe example exemple fabien facebook faith falcon fall
famille family father faucon february felix ferrari feu fevrier fire fleur fleurs florian florida flower
flowers foi football footballer force forest foret forever fortnite fortune fraise francais francaise
france fraternite freedom french frere friday friend friends frodo fromage fuck fuckoff fucku fuckyou
funny gabriel gamer gaming gandalf garfield gators general geneve genius george germany giants ginger
github gitlab glace god goku gold golden golf goodbye goodluck google green guerrier guest guillaume
guitar guitare hacker hacking hallo halo happy haribo harley harry harrypotter hawk heart heaven hello
hellokitty hellothere henry hermione heureuse heureux hiphop hiver hobbit hockey hogwarts hola honda honey
hope horse hottie houston hugo hulk hunter ice iloveyou india instagram internet intranet invite iphone
ironman isabella isabelle island italia italy jacques jaguar james january janvier japan jasmine jaune
jean jedi jennifer jerome jessica jesus jesuschrist jetaime jets jeudi john joker jordan joseph joshua
juillet juin julia julie julien juliette july june justin juventus kawasaki killer king kitten kitty
knicks kubernetes lakers lamborghini lapin laura laurent lausanne lea legend lemon leo letmein letter
liberte licorne lightning lille lily linux lion lions liverpool login logon lola london louis louise
loulou loup love lover loveyou lucas lucky luffy luigi luna lundi lune lycee lyon macintosh madonna madrid
magic magique mai mama maman manchester mango manon march mardi marie marine mario marion maroc mars
marseille marvel master mathieu matrix matthew matthieu max maxime may melanie melissa mercedes merci
mercredi merde mere metal metallica mexico michael microsoft milan minecraft minou miracle molly mommy
monaco monamour monange moncoeur monday money monkey monkeys monmotdepasse montagne montpellier montreal
moon moscow motdepasse mother mountain mumbai music musique mustang mylove mypassword mysql mystery nala
nantes naruto natalie nathalie navy neige neo netflix network newyork nice nicolas nicole ninja nintendo
nique nirvana nissan nobody noir noire nokia normandie nothing nounou november novembre nuage number
numero nutella ocean october octobre office olivier olympique onepiece opensesame openup oracle orage
orange ordinateur oscar ours overwatch packers paix panda panther panthere panthers papa papillon paradis
paradise paris parissg pascal passcode passe passphrase password passwort patrick patriots paul peace
peach penguin pepper pere personne peugeot philippe phoenix piano pierre pikachu pink pirate pirates pizza
plage platinum player playstation please pluie pokemon police pomme pompier poney pony porsche portugal
postgres potter poupee power prince princess princesse printemps private prive professeur psg puissance
purple pussy putain qazwsx qsdf quake quebec queen qwerty qwertz rabbit raiders rainbow ranger rangers
realmadrid red redis redskins redsox reggae reine renault rennes requin reseau rien rihanna river riviere
robert robin roblox rock rocker rockstar rocky roi rome root rose rouge rugby runner running russia rusty
saintetienne saison salope salut samantha samedi sample samsung samuel samurai sandra sandrine sarah
sasuke saturday sauron school season sebastien secret secrets securite security senegal september
septembre serpent server serveur sesame sex sexe sexy shadow shakira shark shit signin silver simba singe
sister skater skiing sky skywalker slave slipknot smile smokey snake sniper snoopy snowball soccer societe
soeur soldat soldier soleil something sonic sony sophia sophie sorry sourire spain spider spiderman spirit
spotify spring star starcraft stars startrek starwar starwars steelers stephane stephanie storm strasbourg
strawberry student sugar suisse summer sun sunday sunshine super superman superuser suzuki sweet
sweetheart sweety swimmer swimming sydney system systeme teacher techno tempest tennis terre test tester
testing tetris texas thanks thankyou thomas thor thunder thursday tiger tigger tigre together tokyo
tonnerre tortue toujours toulouse toutou toyota travail treasure tresor trinity truelove trustno
trustnoone tuesday tunisie turtle twitter ubuntu unicorn united universite university user username users
utilisateur vader valentin vanilla vegeta vendredi vert vincent violet violette visitor warcraft warrior
washington water wednesday weekend welcome whatever white william windows winter wolf wolves wonderwoman
work wrestling wxcvbn xbox yamaha yankees yellow yoda youtube zelda zxcv
";
