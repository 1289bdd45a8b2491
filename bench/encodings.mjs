// How often the encoding of a text file is guessed right: 25 encodings, each with texts of six sizes; then texts of signs alone, and capitals.
// Prints a table, and the misses.
import {mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import iconv from 'iconv-lite';
import {readInput} from '../dist/source/engine/intake/read-input.js';

const words = {
	western:
		'Hélène Müller,Orléans;François Lefèvre,Épinal;Jörg Weiß,Düsseldorf;José Núñez,Málaga;João Conceição,São Paulo;Søren Ærø,Århus;Élodie Bécaud,Besançon;Jürgen Schäfer,Köln;Íñigo Peña,Cádiz;Åsa Öberg,Malmö;Benoît Gagné,Nîmes;Zoë Brontë,Liège;Günter Groß,Fürth;Niño Muñoz,León;Noël Côté,Évreux',
	polish:
		'Łukasz Wójcik,Łódź;Małgorzata Kowalczyk,Gdańsk;Żaneta Dąbrowska,Poznań;Stanisław Zieliński,Kraków;Błażej Pięta,Częstochowa;Agnieszka Woźniak,Świdnica;Michał Szymański,Wrocław;Paweł Kamiński,Rzeszów;Grażyna Jabłońska,Białystok',
	czech:
		'Jiří Dvořák,Plzeň;Tomáš Černý,Brno-město;Lukáš Procházka,České Budějovice;Kateřina Veselá,Ústí nad Labem;Zdeněk Kučera,Kroměříž;Šárka Němcová,Děčín;Eliška Růžičková,Žďár;Markéta Pokorná,Třebíč',
	hungarian:
		'Nagy László,Győr;Kovács Zoltán,Székesfehérvár;Tóth Erzsébet,Pécs;Szabó József,Kecskemét;Horváth Ildikó,Nyíregyháza;Kiss Ernő,Hódmezővásárhely;Németh Gyöngyi,Szombathely;Fülöp Sándor,Dunaújváros;Vörös Ágnes,Érd',
	turkish:
		'Ayşe Yılmaz,İstanbul;Mehmet Öztürk,Eskişehir;Çağla Doğan,Muğla;Gökhan Şahin,Diyarbakır;Özlem Çelik,Şanlıurfa;Barış Aydın,Kırıkkale;İbrahim Güneş,Niğde;Tuğba Yıldız,Kütahya;Emine Kılıç,Iğdır',
	baltic:
		'Jonas Žukauskas,Šiauliai;Rūta Kazlauskienė,Panevėžys;Jānis Bērziņš,Rīga;Līga Kalniņa,Daugavpils;Gintarė Šimkutė,Mažeikiai;Kęstutis Žemaitis,Tauragė;Mārtiņš Ozoliņš,Jūrmala;Eglė Jankauskaitė,Plungė',
	russian:
		'Иван Петров,Москва;Мария Сидорова,Санкт-Петербург;Алексей Кузнецов,Новосибирск;Ольга Смирнова,Екатеринбург;Дмитрий Соколов,Казань;Анна Морозова,Нижний Новгород;Сергей Волков,Самара;Елена Зайцева,Ростов',
	ukrainian:
		'Олексій Шевченко,Київ;Наталія Бойко,Львів;Юрій Ковальчук,Чернігів;Їжакевич Марія,Вінниця;Євген Лисенко,Запоріжжя;Тетяна Мельник,Житомир',
	greek:
		'Γιώργος Παπαδόπουλος,Αθήνα;Μαρία Νικολάου,Θεσσαλονίκη;Κώστας Δημητρίου,Πάτρα;Ελένη Ιωάννου,Ηράκλειο;Νίκος Αντωνίου,Λάρισα;Σοφία Βασιλείου,Βόλος',
	hebrew: 'יוסי כהן,תל אביב;רחל לוי,ירושלים;דוד מזרחי,חיפה;שרה פרץ,באר שבע;משה ביטון,נתניה;תמר אברהם,אשדוד',
	arabic: 'محمد أحمد,القاهرة;فاطمة علي,الرياض;يوسف إبراهيم,دمشق;مريم حسن,بغداد;خالد العتيبي,جدة;نورة السالم,الدمام',
	thai: 'สมชาย ใจดี,กรุงเทพ;สุดา ทองคำ,เชียงใหม่;ประเสริฐ ศรีสุข,ขอนแก่น;วิภา แก้วมณี,ภูเก็ต;อนันต์ บุญมา,นครราชสีมา',
	japanese:
		'山田健次,東京都;佐藤花子,大阪市北区;高橋一郎,名古屋市;鈴木さくら,横浜市;田中ミカ,カタログ商品;渡辺誠,福岡県;中村亜希子,札幌市;小林商店,おもちゃ',
	chinese: '张伟,北京市;王芳,上海;李娜,广州市天河区;刘洋,深圳;陈静,成都市;杨勇,武汉;赵敏,重庆;黄磊,杭州市西湖区',
	taiwan: '陳怡君,台北市;林志豪,高雄市;黃淑芬,新竹縣;張雅婷,台中市西屯區;李俊傑,花蓮縣;王美玲,桃園市',
	korean: '김철수,서울특별시;이영희,부산광역시;박민준,대구시;최지우,인천;정수빈,광주;강하늘,대전시 유성구;조현우,경기도 수원시',
	signs:
		'Tea £13.72,71.50 €;don’t call,it’s late;Mon – Fri,5–7;“hello” he said…,§ 5 BGB;16\u00a0607,½ × ¼;Kleenex®,©2024 ACME®;20 °C,±5 µm;m²,Nº 5',
	kana: 'ﾔﾏﾀﾞ ﾀﾛｳ,ﾄｳｷﾖｳ;ｽｽﾞｷ ﾊﾅｺ,ｵｵｻｶ;ﾐﾂﾋﾞｼ ｷﾞﾝｺｳ,ﾅｺﾞﾔ;ｶﾌﾞｼｷｶﾞｲｼﾔ,ﾆﾎﾝ;ﾜﾀﾅﾍﾞ ｻﾄｳ,ｻﾂﾎﾟﾛ',
};
for (const language of ['western', 'polish', 'turkish', 'russian', 'ukrainian', 'greek'])
	words[`capitals, ${language}`] = words[language].toUpperCase();

/** Encoding as the reader calls it, its name for the encoder, and the text. */
const encodings = [
	['windows-1252', 'windows-1252', 'western'],
	['macintosh', 'macroman', 'western'],
	['cp850', 'cp850', 'western'],
	['iso-8859-15', 'iso-8859-15', 'western'],
	['windows-1250', 'windows-1250', 'polish'],
	['windows-1250', 'windows-1250', 'czech'],
	['windows-1250', 'windows-1250', 'hungarian'],
	['iso-8859-2', 'iso-8859-2', 'polish'],
	['cp852', 'cp852', 'czech'],
	['windows-1254', 'windows-1254', 'turkish'],
	['windows-1257', 'windows-1257', 'baltic'],
	['windows-1251', 'windows-1251', 'russian'],
	['windows-1251', 'windows-1251', 'ukrainian'],
	['koi8-r', 'koi8-r', 'russian'],
	['ibm866', 'cp866', 'russian'],
	['windows-1253', 'windows-1253', 'greek'],
	['windows-1255', 'windows-1255', 'hebrew'],
	['windows-1256', 'windows-1256', 'arabic'],
	['windows-874', 'windows-874', 'thai'],
	['shift_jis', 'shift_jis', 'japanese'],
	['euc-jp', 'euc-jp', 'japanese'],
	['gb18030', 'gb18030', 'chinese'],
	['big5', 'big5', 'taiwan'],
	['euc-kr', 'euc-kr', 'korean'],
	['utf-8', 'utf-8', 'western'],
	['windows-1252', 'windows-1252', 'signs'],
	['windows-1252', 'windows-1252', 'capitals, western'],
	['windows-1250', 'windows-1250', 'capitals, polish'],
	['windows-1254', 'windows-1254', 'capitals, turkish'],
	['windows-1251', 'windows-1251', 'capitals, russian'],
	['windows-1251', 'windows-1251', 'capitals, ukrainian'],
	['koi8-r', 'koi8-r', 'capitals, russian'],
	['windows-1253', 'windows-1253', 'capitals, greek'],
	['shift_jis', 'shift_jis', 'kana'],
];
const sizes = ['1 word', '3 words', '1 row', '5 rows', '100 rows', 'tail'];

/** Texts of one size: as many as the words give. The tail: half a megabyte of ASCII before them. */
function textsOf(size, rows) {
	const cells = rows.flatMap((row) => row.split(','));
	const file = (lines) => `id,name,city\n${lines.map((line, at) => `${at + 1},${line.includes(',') ? line : `${line},x`}`).join('\n')}\n`;
	const foreign = cells.filter((cell) => /[^\0-\x7f]/.test(cell));
	if (size === '1 word') return foreign.map((cell) => file([cell.split(' ').find((word) => /[^\0-\x7f]/.test(word))]));
	if (size === '3 words') return foreign.map((_, at) => file([0, 1, 2].map((next) => foreign[(at + next) % foreign.length])));
	if (size === '1 row') return rows.map((row) => file([row]));
	if (size === '5 rows') return rows.map((_, at) => file([0, 1, 2, 3, 4].map((next) => rows[(at + next) % rows.length])));
	if (size === '100 rows') return [file(Array.from({length: 100}, (_, at) => rows[at % rows.length]))];
	return [file([...Array.from({length: 40_000}, () => 'plain text'), ...rows])];
}

const folder = mkdtempSync(join(tmpdir(), 'sluice-encodings-'));
const misses = [];
const table = [];
const sums = {right: 0, warned: 0, silent: 0};
for (const [name, encoder, language] of encodings) {
	const row = {encoding: `${name}, ${language}`};
	for (const size of sizes) {
		const counts = {right: 0, warned: 0, silent: 0};
		for (const text of textsOf(size, words[language].split(';'))) {
			// What the encoding cannot write is left out.
			const writable = iconv.decode(iconv.encode(text, encoder), encoder).replaceAll('?', '');
			const path = join(folder, 'x.csv');
			writeFileSync(path, iconv.encode(writable, encoder));
			const warnings = [];
			const log = [];
			await readInput({
				path,
				name: 'x.csv',
				folder,
				maxInputBytes: 1e9,
				onLog: (line) => log.push(line),
				onWarning: (each) => warnings.push(each),
				onProgress() {},
			});
			const read = readFileSync(join(folder, 'pages/page-0.csv'), 'utf8');
			const wanted = writable
				.trim()
				.split('\n')
				.slice(1)
				.map((line, at) => `${at + 2},${line}\n`)
				.join('');
			const outcome = read === wanted ? 'right' : warnings.length > 0 ? 'warned' : 'silent';
			counts[outcome]++;
			sums[outcome]++;
			if (outcome !== 'right')
				misses.push(
					`${name}/${language}, ${size}: ${log[0]?.split(' ').at(-1)} ${outcome}: ${read.split('\n').at(size === 'tail' ? -3 : 0)}`,
				);
		}
		row[size] = `${counts.right}/${counts.warned}/${counts.silent}`;
	}
	table.push(row);
}
rmSync(folder, {recursive: true});
console.log('right/wrong with a warning/wrong without');
console.table(table);
if (process.argv.includes('--misses')) console.log(misses.join('\n'));
console.log(sums);
