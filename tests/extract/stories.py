"""Articles written for the tests, in the languages of the project. Names and events are invented.

Each has the content management system that a site of its country would publish it with.
"""

# ruff: noqa: E501  a page's markup and a paragraph's prose are not wrapped

from __future__ import annotations

from markups import Story

P, H, L, Q, T = "paragraph", "heading", "list_item", "quote", "table_row"

STORIES: dict[str, tuple[str, Story]] = {
    "be-bridge": (
        "wordpress_blocks",
        Story(
            "be",
            "Раённыя навіны",
            "Мост праз Бярэзіну адкрылі на паўгода раней за план",
            "Алена Каваленка",
            "2025-03-14T10:20:00+03:00",
            "14 сакавіка 2025, 10:20",
            "Грамадства",
            (
                (
                    P,
                    "У пятніцу праз Бярэзіну пайшлі першыя машыны: новы мост адкрылі на паўгода раней, чым абяцалі. Будаўнікі тлумачаць гэта цёплай зімой і тым, што металічныя канструкцыі прывезлі адразу.",
                ),
                (
                    P,
                    "«Мы працавалі ў дзве змены, і ніводны дзень не прастойвалі», – расказаў кіраўнік участка. Паводле яго, на аб'екце было занята больш за дзвесце чалавек.",
                ),
                (H, "Колькі гэта каштавала"),
                (
                    P,
                    "Агульны кошт праекта склаў 48 мільёнаў рублёў. Палову сумы далі з рэспубліканскага бюджэту, рэшту выдзелілі вобласць і дарожны фонд.",
                ),
                (
                    P,
                    "Стары мост зачыняць на рамонт у красавіку. Пешаходы змогуць хадзіць па ім да канца года, калі пагодзіцца камісія.",
                ),
                (
                    P,
                    "Жыхары навакольных вёсак кажуць, што дарога да бальніцы скарацілася на дваццаць хвілін.",
                ),
            ),
        ),
    ),
    "be-school": (
        "rferl",
        Story(
            "be",
            "Радыё Хваля",
            "Беларуская школа ў Вільні набірае рэкордную колькасьць вучняў",
            "Павал Юрэвіч",
            "2025-06-02T18:05:00+03:00",
            "2 чэрвеня 2025, 18:05",
            "Адукацыя",
            (
                (
                    P,
                    "У беларускую школу Вільні сёлета падалі больш заяваў, чым там ёсьць месцаў. Дырэкцыя плянуе адкрыць яшчэ адну першую клясу і наняць трох настаўнікаў.",
                ),
                (
                    P,
                    "Бацькі тлумачаць свой выбар ня толькі мовай. Важна, кажуць яны, каб дзеці ня страчвалі сувязі з домам і маглі вярнуцца да беларускіх падручнікаў.",
                ),
                (
                    Q,
                    "«Сын пытаецца, калі мы паедзем да бабулі. Пакуль што мы можам толькі чытаць яму тыя самыя кніжкі».",
                ),
                (H, "Чаго не стае"),
                (
                    P,
                    "Найбольш не хапае падручнікаў па біялёгіі й гісторыі: іх друкуюць невялікім накладам. Частку матэрыялаў настаўнікі робяць самі.",
                ),
                (
                    P,
                    "Гарадзкія ўлады абяцаюць выдзеліць школе дадатковы будынак да наступнага верасьня, аднак рашэньне яшчэ мусіць зацьвердзіць рада.",
                ),
            ),
        ),
    ),
    "be-harvest": (
        "drupal",
        Story(
            "be",
            "Вясковы час",
            "Яблыкі па тры рублі: чаму сёлета так многа садавіны",
            "Марыя Сакалова",
            "2025-09-21T07:00:00+03:00",
            "21 верасня 2025, 07:00",
            "Эканоміка",
            (
                (
                    P,
                    "На рынках Магілёва кілаграм яблыкаў каштуе менш за тры рублі. Такога нізкага кошту прадаўцы не памятаюць з 2018 года.",
                ),
                (P, "Аграномы называюць некалькі прычын, чаму ўраджай апынуўся такім вялікім:"),
                (L, "вясной не было начных замаразкаў;"),
                (L, "летам хапала вільгаці;"),
                (L, "маладыя сады, пасаджаныя пяць гадоў таму, пачалі радзіць."),
                (
                    P,
                    "Нарыхтоўшчыкі прымаюць садавіну па восемдзесят капеек, і гаспадары скардзяцца, што гэтая цана не пакрывае нават выдаткаў на паліва.",
                ),
                (
                    P,
                    "Завод па вытворчасці сокаў павялічыў закупкі ўдвая, але склады ўжо амаль поўныя.",
                ),
            ),
        ),
    ),
    "be-theatre": (
        "custom_inline_widgets",
        Story(
            "be",
            "Горад і людзі",
            "Тэатр без сцэны: як акцёры граюць у кватэрах",
            "Наталля Лісоўская",
            "2025-11-30T21:15:00+03:00",
            "30 лістапада 2025, 21:15",
            "Культура",
            (
                (
                    P,
                    "Дзве зімы запар невялікая трупа іграе спектаклі ў прыватных кватэрах. Глядачоў бывае ад дзесяці да дваццаці, а дэкарацыямі робіцца тое, што ёсць у пакоі.",
                ),
                (
                    P,
                    "Рэжысёр кажа, што адсутнасць сцэны зрабіла акцёраў больш уважлівымі: немагчыма сыграць фальшыва, калі глядач сядзіць за паўметра.",
                ),
                (H, "Квіткоў няма, ёсць капялюш"),
                (
                    P,
                    "Уваход бясплатны, пасля спектакля па коле пускаюць капялюш. Сабраных грошай хапае на дарогу і на аренду святла.",
                ),
                (
                    P,
                    "За сезон адбылося сорак два паказы ў шасці гарадах. Самым вялікім залам была кухня на дваццаць шэсць месцаў.",
                ),
                (
                    P,
                    "Цяпер трупа рыхтуе новую п'есу па лістах аднаго настаўніка, якія выпадкова знайшлі на гарышчы.",
                ),
                (P, "Прэм'ера запланаваная на студзень, месца паведамяць гледачам за дзень."),
            ),
        ),
    ),
    "ru-plant": (
        "state_agency",
        Story(
            "ru",
            "Агентство новостей",
            "На заводе в Жодино запустили линию по сборке электробусов",
            "Редакция",
            "2025-02-11T12:34:00+03:00",
            "11 февраля 2025, 12:34",
            "Экономика",
            (
                (
                    P,
                    "Линия рассчитана на двести машин в год, сообщили в пресс-службе предприятия. Первые десять электробусов получит городской транспорт Борисова.",
                ),
                (
                    P,
                    "Запас хода составляет до трехсот километров, зарядка на конечной станции занимает двенадцать минут. Аккумуляторы поставляет местный производитель.",
                ),
                (
                    P,
                    "По словам главного инженера, доля местных комплектующих достигла шестидесяти процентов – вдвое больше, чем у предыдущей модели.",
                ),
                (
                    P,
                    "Вторую очередь планируют открыть в конце года. Она позволит собирать машины с увеличенной вместимостью, до ста сорока пассажиров.",
                ),
            ),
        ),
    ),
    "ru-border": (
        "sputnik",
        Story(
            "ru",
            "Вести границы",
            "Очередь из грузовиков на границе сократилась вдвое",
            "Игорь Павленко",
            "2025-05-07T16:48:00+03:00",
            "7 мая 2025, 16:48",
            "Общество",
            (
                (
                    P,
                    "Утром в среду выезда ожидали восемьсот сорок машин, неделю назад их было больше тысячи семисот. Таможенники связывают это с переходом на электронную запись.",
                ),
                (
                    P,
                    "Теперь водитель выбирает день и получает окно продолжительностью в один час. Кто опоздал, едет в конец списка.",
                ),
                (H, "Что изменится дальше"),
                (
                    P,
                    "С июня запись распространят на автобусы, с августа – на легковые автомобили. Пешеходов новые правила не касаются.",
                ),
                (
                    P,
                    "Перевозчики довольны не всем: сайт трижды зависал в часы наибольшей нагрузки, и часть водителей потеряла свою очередь.",
                ),
            ),
        ),
    ),
    "ru-archive": (
        "bitrix_breaks",
        Story(
            "ru",
            "Краевед",
            "В архиве нашли план города, составленный двести лет назад",
            "Светлана Рудая",
            "2025-08-19T09:10:00+03:00",
            "19 августа 2025, 09:10",
            "Культура",
            (
                (
                    P,
                    "План лежал в папке с описями монастырских земель, и его никто не искал. На нем видны улицы, которых нет ни на одной другой карте того времени.",
                ),
                (
                    P,
                    "Историки сверили чертеж с раскопками прошлого лета. Совпали фундаменты ратуши, двух складов и колодца на торговой площади.",
                ),
                (H, "Как его читать"),
                (
                    P,
                    "Землемер пользовался саженями и рисовал дома сверху, но церкви изобразил с фасада. Подписи сделаны по-польски, пометки на полях – по-русски.",
                ),
                (
                    P,
                    "Копию выставят в краеведческом музее, оригинал отправят на реставрацию: бумага пострадала от сырости.",
                ),
            ),
        ),
    ),
    "ru-prices": (
        "wordpress_newspaper_theme",
        Story(
            "ru",
            "Рынок и цены",
            "Сколько стоит отопление в частном доме: сравнили пять способов",
            "Дмитрий Гончар",
            "2025-10-28T08:30:00+03:00",
            "28 октября 2025, 08:30",
            "Деньги",
            (
                (
                    P,
                    "Мы посчитали расходы на дом площадью сто квадратных метров за один месяц при средней температуре минус пять градусов. Цены взяли на конец октября.",
                ),
                (T, "Способ | Расход за месяц | Стоимость, руб."),
                (T, "Природный газ | 310 м³ | 121"),
                (T, "Пеллеты | 0,7 т | 290"),
                (T, "Электричество | 3 100 кВт·ч | 334"),
                (
                    P,
                    "Дешевле всего топить газом, но подключение обходится дорого: от девяти до пятнадцати тысяч рублей вместе с проектом.",
                ),
                (H, "Когда выгоден тепловой насос"),
                (
                    P,
                    "Насос потребляет втрое меньше электричества, чем обычный котел, и окупается за восемь лет. Если дом плохо утеплен, срок вырастает вдвое.",
                ),
                (
                    P,
                    "Специалисты советуют начинать не с котла, а с окон и крыши: утепление сокращает счет на треть.",
                ),
            ),
        ),
    ),
    "uk-energy": (
        "bitrix_paragraphs",
        Story(
            "uk",
            "Волинський вісник",
            "Луцьк переводить лікарні на сонячні панелі",
            "Оксана Мельник",
            "2025-04-16T11:00:00+03:00",
            "16 квітня 2025, 11:00",
            "Місто",
            (
                (
                    P,
                    "До осені панелі з'являться на дахах чотирьох міських лікарень. Разом вони вироблятимуть до чверті потрібної електроенергії.",
                ),
                (
                    P,
                    "Кошти надали європейські партнери, місто додасть п'яту частину. Угоду підписали у вівторок після річних переговорів.",
                ),
                (H, "Навіщо це лікарням"),
                (
                    P,
                    "Головне завдання – пережити перебої взимку. Акумулятори зможуть підтримувати операційні протягом шести годин без зовнішнього живлення.",
                ),
                (
                    P,
                    "Роботи почнуть із дитячої лікарні, де дах відремонтували торік і не потрібне додаткове підсилення.",
                ),
            ),
        ),
    ),
    "uk-museum": (
        "datalife_engine",
        Story(
            "uk",
            "Культурний тиждень",
            "Музей повернув картину, яку вважали втраченою",
            "Ірина Ткач",
            "2025-07-05T14:25:00+03:00",
            "5 липня 2025, 14:25",
            "Культура",
            (
                (
                    P,
                    "Полотно знайшли у приватній колекції за кордоном і передали музею без суду. Власник не знав про походження роботи, коли купував її двадцять років тому.",
                ),
                (
                    P,
                    "Експерти порівняли підрамник із фотографіями довоєнного каталогу: збіглися номер, тріщина в кутку та печатка зали.",
                ),
                (H, "Де її покажуть"),
                (
                    P,
                    "Після реставрації картина повернеться на своє місце у третій залі. Відвідувачі побачать її не раніше весни.",
                ),
                (P, "Музей шукає ще одинадцять робіт, вивезених того самого дня."),
            ),
        ),
    ),
    "pl-border": (
        "polish_portal",
        Story(
            "pl",
            "Kurier Wschodni",
            "Przejście w Bobrownikach znów czynne. Pierwsze ciężarówki przejechały nocą",
            "Tomasz Wiśniewski",
            "2025-11-17T06:12:00+01:00",
            "17 listopada 2025, 06:12",
            "Kraj",
            (
                (
                    P,
                    "Po niemal trzech latach przerwy przez przejście graniczne znów jeżdżą samochody. Pierwsza ciężarówka przekroczyła granicę dwie minuty po północy.",
                ),
                (
                    P,
                    "Kierowcy czekali w kolejce od piątku, choć odprawa ruszyła dopiero w poniedziałek. Służby zapewniają, że są przygotowane na większy ruch.",
                ),
                (H, "Kto może przejechać"),
                (
                    P,
                    "Na razie odprawiane są tylko pojazdy zarejestrowane w Unii Europejskiej. Autobusy i samochody osobowe mają wrócić wiosną.",
                ),
                (
                    P,
                    "„To dla nas być albo nie być” – mówi właściciel małej firmy przewozowej spod Białegostoku, który w ciągu dwóch lat sprzedał połowę taboru.",
                ),
                (
                    P,
                    "Samorządowcy liczą, że wraz z ruchem wrócą miejsca pracy w przygranicznych hotelach i warsztatach.",
                ),
            ),
        ),
    ),
    "pl-university": (
        "hashed_next",
        Story(
            "pl",
            "Głos Akademicki",
            "Stypendia dla studentów z Białorusi: wniosków dwa razy więcej niż miejsc",
            "Katarzyna Nowak",
            "2025-05-26T13:40:00+02:00",
            "26 maja 2025, 13:40",
            "Nauka",
            (
                (
                    P,
                    "Na pięćset stypendiów wpłynęło ponad tysiąc sto wniosków. Komisja musi rozpatrzyć je do końca czerwca, więc pracuje także w soboty.",
                ),
                (
                    P,
                    "Najwięcej kandydatów wybiera informatykę, medycynę i filologię polską. Co piąty chce studiować w mieście mniejszym niż sto tysięcy mieszkańców.",
                ),
                (H, "Nie tylko pieniądze"),
                (
                    P,
                    "Stypendium obejmuje miejsce w akademiku i kurs językowy. Organizatorzy przyznają, że to właśnie mieszkanie bywa największym kłopotem.",
                ),
                (Q, "Przyjechałam z jedną walizką i przez pierwszy miesiąc spałam u znajomych."),
                (
                    P,
                    "Wyniki zostaną ogłoszone w lipcu, odwołania można składać przez czternaście dni.",
                ),
            ),
        ),
    ),
    "pl-forest": (
        "wordpress_classic",
        Story(
            "pl",
            "Puszcza Dziś",
            "Żubry wychodzą na pola. Rolnicy proszą o pomoc",
            "Marek Zieliński",
            "2025-01-09T15:55:00+01:00",
            "9 stycznia 2025, 15:55",
            "Region",
            (
                (
                    P,
                    "Stado liczące czterdzieści sztuk od tygodnia żeruje na oziminach pod Hajnówką. Straty zgłosiło już dwunastu gospodarzy.",
                ),
                (
                    P,
                    "Leśnicy dowożą siano w głąb puszczy, ale zwierzęta wolą młode pędy rzepaku. Przepędzanie pomaga najwyżej na jedną noc.",
                ),
                (H, "Ile wynosi odszkodowanie"),
                (
                    P,
                    "Rolnik dostaje średnio dwa tysiące złotych za hektar. Gminy chcą, aby wypłata następowała w ciągu miesiąca, a nie – jak dziś – po zbiorach.",
                ),
                (
                    P,
                    "Przyrodnicy przypominają, że jeszcze sto lat temu żubrów na wolności nie było wcale.",
                ),
                (
                    P,
                    "Wiosną część stada ma zostać przewieziona do innej puszczy, o ile zgodzi się na to ministerstwo.",
                ),
            ),
        ),
    ),
    "pl-rail": (
        "elementor",
        Story(
            "pl",
            "Kolej Dziś",
            "Pociąg do Wilna skróci podróż o godzinę",
            "Anna Lewandowska",
            "2025-12-01T09:05:00+01:00",
            "1 grudnia 2025, 09:05",
            "Transport",
            (
                (
                    P,
                    "Od połowy grudnia przejazd z Warszawy do Wilna potrwa siedem godzin i czterdzieści minut. To efekt zakończonej modernizacji torów na Suwalszczyźnie.",
                ),
                (
                    P,
                    "Pasażerowie nadal będą się przesiadać na granicy, bo po litewskiej stronie rozstaw szyn jest inny. Oczekiwanie skrócono do kwadransa.",
                ),
                (H, "Ceny bez zmian"),
                (
                    P,
                    "Bilet kosztuje od dwudziestu pięciu euro, jeśli kupi się go co najmniej tydzień wcześniej. Rower przewiezie się za dodatkową opłatą.",
                ),
                (P, "Przewoźnik zapowiada drugi kurs na wakacje, o ile znajdą się wagony."),
            ),
        ),
    ),
    "lt-city": (
        "lithuanian_portal",
        Story(
            "lt",
            "Miesto žinios",
            "Vilniuje atidarytas pirmasis baltarusių bibliotekos skyrius",
            "Rūta Kazlauskienė",
            "2025-03-25T17:30:00+02:00",
            "2025 m. kovo 25 d. 17:30",
            "Kultūra",
            (
                (
                    P,
                    "Naujame skyriuje – daugiau kaip keturi tūkstančiai knygų baltarusių kalba. Dalį jų padovanojo skaitytojai, kitas nupirko savivaldybė.",
                ),
                (
                    P,
                    "Bibliotekos vadovė sako, kad idėja gimė prieš dvejus metus, kai pradėjo daugėti prašymų rasti vaikiškų knygų.",
                ),
                (H, "Ne tik knygos"),
                (
                    P,
                    "Kartą per savaitę čia vyks pokalbių klubas, o šeštadieniais – užsiėmimai vaikams. Dalyvauti galės visi, nemokančių kalbos taip pat laukiama.",
                ),
                (
                    P,
                    "Artimiausias renginys – susitikimas su vertėja, kuri į lietuvių kalbą išvertė tris šiuolaikinius romanus.",
                ),
            ),
        ),
    ),
    "lt-farm": (
        "delfi_fragments",
        Story(
            "lt",
            "Kaimo diena",
            "Ūkininkai skaičiuoja nuostolius: pavasario šalnos sunaikino trečdalį derliaus",
            "Jonas Petrauskas",
            "2025-05-12T08:45:00+03:00",
            "2025 m. gegužės 12 d. 08:45",
            "Verslas",
            (
                (
                    P,
                    "Naktį į sekmadienį temperatūra kai kur nukrito iki penkių laipsnių šalčio. Labiausiai nukentėjo braškės ir ankstyvosios vyšnios.",
                ),
                (
                    P,
                    "Ūkininkai bandė gelbėti sodus dūmais ir laistymu, tačiau šaltis laikėsi per ilgai. Vien Kėdainių rajone pažeista šimtas dvidešimt hektarų.",
                ),
                (H, "Ar padės draudimas"),
                (
                    P,
                    "Apdrausta tik dešimtadalis sodų, nes įmokos per pastaruosius metus pabrango dvigubai. Ministerija žada kompensuoti dalį išlaidų.",
                ),
                (
                    P,
                    "Prekybininkai ramina: vietinių uogų bus mažiau, bet kainos birželį neturėtų viršyti pernykščių.",
                ),
            ),
        ),
    ),
    "lt-port": (
        "joomla",
        Story(
            "lt",
            "Uosto laikraštis",
            "Klaipėdos uostas krauna daugiau konteinerių nei bet kada",
            "Eglė Stankutė",
            "2025-07-31T10:00:00+03:00",
            "2025 m. liepos 31 d. 10:00",
            "Ekonomika",
            (
                (
                    P,
                    "Per pirmąjį pusmetį perkrauta pusė milijono konteinerių, tai yra aštuoniais procentais daugiau nei pernai. Augimą lėmė nauja linija į Skandinaviją.",
                ),
                (
                    P,
                    "Tuo pat metu birių krovinių sumažėjo penktadaliu. Uosto vadovai aiškina, kad trąšos dabar keliauja kitais maršrutais.",
                ),
                (H, "Gilesnis farvateris"),
                (
                    P,
                    "Kitąmet planuojama baigti gilinimo darbus. Tada uostas galės priimti laivus, kurių grimzlė siekia penkiolika metrų.",
                ),
                (
                    P,
                    "Aplinkosaugininkai prašo darbus stabdyti žuvų neršto metu, ir bendrovė sutiko perkelti dalį grafiko į rudenį.",
                ),
            ),
        ),
    ),
    "lv-border": (
        "wordpress_blocks",
        Story(
            "lv",
            "Latgales Balss",
            "Pie robežas uzstādītas jaunas kameras, rindas kļūs redzamas internetā",
            "Ilze Kalniņa",
            "2025-02-20T12:15:00+02:00",
            "2025. gada 20. februārī, 12:15",
            "Novados",
            (
                (
                    P,
                    "Autovadītāji turpmāk varēs redzēt, cik automašīnu gaida katrā robežpunktā. Attēls tiks atjaunots reizi piecās minūtēs.",
                ),
                (
                    P,
                    "Kameras uzstādītas sešās vietās, un to uzturēšana izmaksās četrdesmit tūkstošus eiro gadā. Sejas un numura zīmes attēlā nebūs salasāmas.",
                ),
                (H, "Ko saka pārvadātāji"),
                (
                    P,
                    "Nozares asociācija šādu iespēju lūgusi jau trīs gadus. Līdz šim šoferi paļāvās uz ziņām citu vadītāju tērzēšanas grupās.",
                ),
                (
                    P,
                    "Otrajā kārtā plānots pievienot prognozi, cik ilgi būs jāgaida, taču tam vajadzīgi dati par vismaz vienu sezonu.",
                ),
            ),
        ),
    ),
    "lv-school": (
        "delfi_fragments",
        Story(
            "lv",
            "Rīgas Ziņas",
            "Skolās trūkst matemātikas skolotāju, algas cels jau septembrī",
            "Kristaps Ozols",
            "2025-08-04T09:50:00+03:00",
            "2025. gada 4. augustā, 09:50",
            "Izglītība",
            (
                (
                    P,
                    "Mēnesi pirms mācību gada sākuma brīvas ir trīssimt divdesmit vietas. Visvairāk trūkst matemātikas un fizikas skolotāju.",
                ),
                (
                    P,
                    "Ministrija sola piemaksu tiem, kas pārcelsies uz reģioniem. Pirmajā gadā tā būs divsimt eiro mēnesī.",
                ),
                (H, "Pieredze Cēsīs"),
                (
                    P,
                    "Cēsu novads jau divus gadus apmaksā jaunajiem skolotājiem īri. Rezultāts – visas vakances aizpildītas, un uz dažām bija konkurss.",
                ),
                (
                    P,
                    "Arodbiedrība uzskata, ka ar piemaksām nepietiks, ja netiks samazināts stundu skaits.",
                ),
            ),
        ),
    ),
    "et-ferry": (
        "estonian_portal",
        Story(
            "et",
            "Saarte Teataja",
            "Uus parvlaev hakkab Hiiumaale sõitma akude jõul",
            "Liis Saar",
            "2025-04-02T11:35:00+03:00",
            "2. aprill 2025, 11:35",
            "Eesti",
            (
                (
                    P,
                    "Parvlaev jõuab kohale sügisel ja mahutab nelikümmend autot. Akud laetakse sadamas kaheksa minutiga, diiselmootor jääb varuks.",
                ),
                (
                    P,
                    "Laeva ehitus maksis kaheksateist miljonit eurot, millest kolmandiku katab Euroopa Liit. Piletihinnad esialgu ei muutu.",
                ),
                (H, "Kas talvel ka töötab"),
                (
                    P,
                    "Ehitajad kinnitavad, et külm vähendab sõiduulatust kuni veerandi võrra. Jää korral sõidab liinil endine laev.",
                ),
                (
                    P,
                    "Saarlased loodavad, et öine müra väheneb: praegu kostab mootorite hääl kilomeetri kaugusele.",
                ),
            ),
        ),
    ),
    "et-forum": (
        "drupal",
        Story(
            "et",
            "Välispoliitika",
            "Tallinna foorum arutas, kuidas toetada Valgevene vabu meediaväljaandeid",
            "Marten Kask",
            "2025-10-09T19:20:00+03:00",
            "9. oktoober 2025, 19:20",
            "Maailm",
            (
                (
                    P,
                    "Kahepäevasel kohtumisel osales sada kakskümmend toimetajat ja uurijat kaheteistkümnest riigist. Peateema oli, kuidas jõuda lugejateni, kelle jaoks lehed on suletud.",
                ),
                (
                    P,
                    "Toimetused kirjeldasid, et kolmandik nende lugejatest tuleb peegelsaitide kaudu. Iga uus blokeering vähendab auditooriumi nädalaks.",
                ),
                (H, "Mida otsustati"),
                (L, "luua ühine tehniline keskus;"),
                (L, "jagada õigusabi kulusid;"),
                (L, "kohtuda kevadel uuesti Riias."),
                (
                    P,
                    "Rahastajad lubasid otsuse langetada aasta lõpuks, seni jätkub abi senises mahus.",
                ),
            ),
        ),
    ),
    "de-council": (
        "typo3",
        Story(
            "de",
            "Bezirksblatt",
            "Städtepartnerschaft wiederbelebt: Jugendliche aus drei Ländern planen ein Sommerlager",
            "Petra Hoffmann",
            "2025-06-18T14:00:00+02:00",
            "18. Juni 2025, 14:00",
            "Regionales",
            (
                (
                    P,
                    "Nach fünf Jahren Pause treffen sich wieder junge Leute aus Deutschland, Polen und Belarus. Das Lager findet an der Oder statt, weil dort alle ohne Visum hinkommen.",
                ),
                (
                    P,
                    "Vierzig Plätze sind vergeben, zwanzig Namen stehen auf der Warteliste. Die Reisekosten übernimmt eine Stiftung.",
                ),
                (H, "Worum es geht"),
                (
                    P,
                    "Vormittags bauen die Gruppen Boote, nachmittags schreiben sie gemeinsam an einem Hörspiel. Gesprochen wird in vier Sprachen, übersetzt wird von den Teilnehmern selbst.",
                ),
                (
                    P,
                    "Am letzten Abend soll das Stück im Dorfgasthof gespielt werden – der Eintritt ist frei.",
                ),
            ),
        ),
    ),
    "de-trade": (
        "test_id_divs",
        Story(
            "de",
            "Ostwirtschaft",
            "Maschinenbauer suchen neue Märkte, seit die alten wegfallen",
            "Jens Krüger",
            "2025-09-03T07:45:00+02:00",
            "3. September 2025, 07:45",
            "Wirtschaft",
            (
                (
                    P,
                    "Der Umsatz mit Osteuropa ist binnen drei Jahren um die Hälfte gesunken. Viele Mittelständler haben sich deshalb nach Süden orientiert, manche nach Zentralasien.",
                ),
                (
                    P,
                    "Ein Hersteller von Molkereianlagen aus Sachsen berichtet, dass er erstmals mehr nach Kasachstan liefert als in alle Nachbarländer zusammen.",
                ),
                (H, "Risiken bleiben"),
                (
                    P,
                    "Verbände warnen vor Umgehungsgeschäften. Wer Endkunden nicht prüft, riskiert hohe Strafen und den Verlust der Exportgenehmigung.",
                ),
                (P, "Die Kammer bietet Schulungen an, die bis Dezember ausgebucht sind."),
            ),
        ),
    ),
    "fr-strasbourg": (
        "wordpress_classic",
        Story(
            "fr",
            "Le Courrier du Rhin",
            "À Strasbourg, une exposition raconte l'exil en trente objets",
            "Claire Dubois",
            "2025-03-08T18:00:00+01:00",
            "8 mars 2025, 18:00",
            "Culture",
            (
                (
                    P,
                    "Une clé, un cahier d'écolier, un billet de train : trente objets emportés à la hâte composent le parcours. Chacun est accompagné de la voix de son propriétaire.",
                ),
                (
                    P,
                    "La commissaire a mené quarante entretiens en un an. Elle n'a demandé à personne pourquoi il était parti, seulement ce qu'il avait choisi de prendre.",
                ),
                (H, "Une visite sans vitrines"),
                (
                    P,
                    "Les objets sont posés sur des tables basses et l'on peut en toucher certains. Un guide explique en trois langues ceux qui ne peuvent pas l'être.",
                ),
                (
                    P,
                    "L'entrée est libre jusqu'à la fin du mois d'avril, puis l'exposition partira pour Bruxelles.",
                ),
                (
                    P,
                    "Les organisateurs espèrent dix mille visiteurs, soit deux fois plus que l'an dernier.",
                ),
            ),
        ),
    ),
    "fr-council": (
        "european_commission",
        Story(
            "fr",
            "Conseil des régions",
            "Les régions frontalières demandent un fonds commun pour les routes",
            "Service de presse",
            "2025-11-05T16:10:00+01:00",
            "5 novembre 2025, 16:10",
            "Communiqué",
            (
                (
                    P,
                    "Réunies mercredi, onze régions ont adopté une déclaration commune. Elles souhaitent qu'un fonds de deux cents millions d'euros finance les routes abîmées par les détours.",
                ),
                (
                    P,
                    "Depuis la fermeture de plusieurs postes, les camions empruntent des itinéraires plus longs de cent kilomètres en moyenne.",
                ),
                (H, "Prochaines étapes"),
                (
                    P,
                    "Le texte sera transmis à la Commission avant la fin de l'année. Une première réponse est attendue au printemps.",
                ),
                (
                    P,
                    "Les élus proposent en outre de publier chaque mois le nombre de passages par poste.",
                ),
            ),
        ),
    ),
    "en-council": (
        "european_commission",
        Story(
            "en",
            "Council Newsroom",
            "Ministers agree on simpler visas for students and journalists from Belarus",
            "Press office",
            "2025-06-24T15:30:00+02:00",
            "24 June 2025, 15:30",
            "Press release",
            (
                (
                    P,
                    "Applicants who can show an invitation from a university or a newsroom will no longer pay the fee. The decision takes effect on 1 September.",
                ),
                (
                    P,
                    "Consulates are asked to answer within ten days instead of fifteen. Where there is no consulate, papers may be handed in at a third country's.",
                ),
                (H, "What stays the same"),
                (
                    P,
                    "Security checks are not shortened, and a visa may still be refused without an interview. Members keep the right to ask for further documents.",
                ),
                (Q, "We want those who study and those who report to be able to travel."),
                (
                    P,
                    "The agreement will be reviewed after eighteen months on the basis of figures from all consulates.",
                ),
            ),
        ),
    ),
    "en-essay": (
        "ghost",
        Story(
            "en",
            "Eastern Letters",
            "The last printing house on the river street",
            "Hannah Cole",
            "2025-08-15T07:20:00+01:00",
            "15 August 2025, 07:20",
            "Essays",
            (
                (
                    P,
                    "The machines stopped on a Thursday, because Thursday was the day the paper used to come out. Nobody had planned it that way; the ink simply ran out.",
                ),
                (
                    P,
                    "For thirty years the house had printed school books, wedding cards and one stubborn weekly. The weekly went first, then the books.",
                ),
                (H, "What the neighbours kept"),
                (
                    P,
                    "People came with bags and took letters made of lead. A baker has a whole alphabet on the shelf above the oven, in the order in which customers ask about it.",
                ),
                (
                    P,
                    "The owner kept only the proof of the last page. It has one misprint, he says, and it took him a week to find it.",
                ),
                (
                    P,
                    "The building will become a hostel in spring, and the sign above the door is to stay.",
                ),
                (P, "Its letters, at least, do not need ink."),
            ),
        ),
    ),
}
