/** A language as its letters outside ASCII show it. */
export type Language = {
	/** Letters with their share among the letters outside ASCII, in percent. */
	readonly letters: ReadonlyMap<string, number>;
	/** Whether its words are written without any ASCII letter. */
	readonly ownScript: boolean;
	/** The vowels of an alphabet in which they take turns with consonants; none where this tells nothing. */
	readonly vowels: ReadonlySet<string>;
};

/** Letters from the most frequent on, each followed by its share. */
function language(shares: string, {ownScript = false, vowels = ''} = {}): Language {
	const letters = new Map([...shares.matchAll(/(\D)(\d+(?:\.\d+)?)\s*/gu)].map(([, letter = '', share]) => [letter, Number(share)]));
	const sum = [...letters.values()].reduce((total, share) => total + share, 0);
	return {letters: new Map([...letters].map(([letter, share]) => [letter, (share * 100) / sum])), ownScript, vowels: new Set(vowels)};
}

/** Shares fall from the first letter to the last, as they do in most alphabets. */
function ranked(letters: string, vowels = ''): Language {
	return language([...letters].map((letter, rank) => `${letter}${(100 / (rank + 4)).toFixed(2)}`).join(' '), {ownScript: true, vowels});
}

const western = {
	french: language('é58 è12 à12 ê6 ç5 â2 ô3 î2 û1 ù1 ë1 ï1 œ1'),
	german: language('ü40 ä30 ö20 ß10'),
	spanish: language('ó26 í24 á20 é12 ñ11 ú6 ü1'),
	portuguese: language('ã22 ç18 é14 á12 í9 ó8 ê6 õ5 ú3 â2 à1 ô1'),
	italian: language('à35 è30 ù14 ò12 é5 ì4'),
	nordic: language('ä22 å18 ö20 ø18 æ12 é4 ü2 ð1 þ1'),
	icelandic: language('á16 í15 ð19 þ8 ö10 é8 ó10 ú8 æ8 ý4'),
	dutch: language('é40 ë30 ï14 ö6 è4 ü3 á2'),
	mixed: language('é20 ü9 ö9 ä9 á7 í7 ó7 ñ3 è5 ç4 à4 ã3 ø3 å3 ê2 ô2 ú2 ß2 æ2 ë2 ï1 î1 â2 õ1'),
};
const central = {
	polish: language('ł24 ó15 ą13 ę14 ż11 ś9 ć6 ń4 ź2'),
	czech: language('í20 á18 é11 ě11 ř9 č9 š8 ž8 ý7 ů4 ú2 ň1 ť1 ď1 ó1'),
	slovak: language('á20 í14 é9 č12 š10 ž10 ý9 ú8 ľ4 ť3 ň2 ô2 ä1 ó2 ď2 ĺ1 ŕ1'),
	hungarian: language('á32 é30 ö11 ó10 ő9 í6 ü5 ú3 ű2'),
	romanian: language('ă34 î16 ş16 ţ16 â14'),
	southSlavic: language('š32 č26 ž20 ć16 đ8'),
};
/** An alphabet of its own whose shares have been counted. */
function counted(shares: string, vowels: string): Language {
	return language(shares, {ownScript: true, vowels});
}

const cyrillicVowels = 'аеёиоуыэюяіїє';
/** Without those of diphthongs, which come behind other vowels. */
const greekVowels = 'αεηοωάέήόώ';

const cyrillic = {
	russian: counted(
		'о11 е8.5 а8 и7.4 н6.7 т6.3 с5.5 р4.7 в4.5 л4.4 к3.5 м3.2 д3 п2.8 у2.6 я2 ы1.9 ь1.7 г1.7 з1.7 б1.6 ч1.4 й1.2 х1 ж0.9 ш0.7 ю0.6 ц0.5 щ0.4 э0.3 ф0.3 ъ0.1 ё0.1',
		cyrillicVowels,
	),
	ukrainian: counted(
		'о9.4 а8.3 н6.8 і5.8 и5.7 т5.5 в5.4 р4.9 е4.6 с4 к3.7 у3.5 л3.5 д3.2 м3 п2.7 я2.2 з2.2 ь1.8 б1.7 г1.6 ч1.4 й1.3 х1.1 ю0.9 ж0.9 ц0.8 ш0.7 ї0.7 є0.6 щ0.5 ф0.3 ґ0.1',
		cyrillicVowels,
	),
	bulgarian: counted(
		'а12 о9 е8.5 и8.5 т7.5 н7 р6 с5.5 в5 л3.5 к3.5 д3.5 п3 м2.7 з2.3 г2 я1.8 ъ1.8 б1.6 у1.6 ч1.4 ц0.9 й0.8 ж0.7 щ0.7 х0.7 ш0.6 ф0.3 ю0.2 ь0.1',
		'аеиоуъюя',
	),
	serbian: ranked('аоиенрстјвкудмплгзбчцшхћжљњфђџ', 'аеиоу'),
};

const cyrillicNames = ['russian', 'serbian', 'ukrainian', 'bulgarian'] as const;

/** The languages that text in an encoding may be in. */
export const languagesOf = {
	western: Object.values(western),
	central: Object.values(central),
	turkish: [language('ı26 ü18 ş16 ğ11 ö10 ç13 i1 İ5 â1')],
	baltic: [language('ė24 š20 ž15 ų10 į10 ū8 ą8 č7 ę4'), language('ā38 ī18 ē16 š9 ū7 ņ5 ļ4 ž4 č3 ģ2 ķ2'), language('ä30 õ32 ü22 ö10 š4 ž2')],
	cyrillic: cyrillicNames.map((name) => cyrillic[name]),
	russian: [cyrillic.russian],
	greek: [
		counted(
			'α10 ο9 ι8 τ8 ε7.5 ν6.5 σ4.5 η4.5 υ4.5 ρ4.3 π4 κ4 ς3.7 μ3.4 λ3 ί3 ό2.2 ω2 ά2 έ2 δ1.7 γ1.7 ή1.6 χ1.2 θ1.2 ώ1 ύ0.9 φ0.9 β0.7 ξ0.4 ζ0.4 ψ0.2 ϊ0.1 ϋ0.1',
			greekVowels,
		),
	],
	hebrew: [ranked('יוהלאתרמשבנםדעחקפכגטזסןצךףץ')],
	arabic: [ranked('ايلمنروتبدةعسفحهكقجأشصىطخزءضذثإغئظآؤپچگکی')],
	thai: [ranked('านรกอเงมยลวดทสตะีิปบัคหแจพช้่ไขใโผ์็ุูืึำศณญธถซฟฮษภฉฎฏฐฑฒฬฆฌฝๆฯ')],
	vietnamese: [language('đ20 ư12 à8 á8 â10 ô10 ă4 ê8 ơ6 ó3 é2 í2 ú2')],
} as const;

export type LanguageGroup = keyof typeof languagesOf;

/** Japanese letters of half width with their shares in percent, as names have them. */
export const halfWidthKana = ranked('ﾞｶﾀｲﾝﾏｼﾔﾄｻﾐｳｺｷｽﾅﾗﾁｵﾊﾙﾘｱｸﾋﾛﾕﾖﾓﾆﾌﾂﾃﾑﾎﾒｴｹｾｿﾈﾉﾜﾚｮｭｰｯﾇﾍﾟｬｧｪｨｫｩｦ').letters;

/** Characters that names, places and goods are often written with. What is not listed is less likely, not unlikely. */
export const commonCharacters = {
	japanese: new Set(
		'日本東京大阪山田中村小林木川島高橋井上佐藤鈴渡辺伊吉加石松清野原西森池前岡谷藤後近福太三斉長青市県区町丁目番号名古屋神奈横浜北海道千葉埼玉愛知兵庫広九州社会式株商品価格数量住所電話氏注文合計年月分時人一二三四五六七八九十百万円税込新見出国内外地方部店事業員法金生行学自動製品料送備考健次郎子美由香里奈春夏秋冬花水火土曜',
	),
	simplified: new Set(
		'的一是不了在人有我他这中大来上国个到说们为子和你地出道也时年得就那要下以生会自着去之过家学对可里后小么心多天而能好都然没日于起还发成事只作当想看文无开手十用主行方又如前所本见经头面公同三已老从动两长知民样现分将外但身些与高意进把法此实回二理美点月明其种全工向情部正名定女问力机给等几很业最间新什打便位因重被走电四第门相次东政海口使教西再平真听世气信北少关并内化由却代军产入先山五太水万市别处总才场师书比住员九笑性通目华报立马命张活难神数件安表原车白应路期提感金何更反合放做系计或司利受光王果界京务解任至清物台象记边共风战干接特觉望直毛林题建南度统色字请交爱让认算论百吃义科怎元社术结六功指思非流每青管夫连远资队带花快条院变联权展该领传近留红治决周保达办运武半候七必城父强步完革深区即求品士转量技轻程告江语英基派满式李息写呢识极黄德收钱党倒未持取设始版双历越史商千片容研像找友孩站广改议形委早房音火际则首单据导影失拿网香似斯专石若兵弟谁校读志飞观争究包组造落视济喜离虽坏兴谈胜刘陈杨赵吴孙朱胡郭罗郑梁谢宋唐许韩冯邓曹彭曾肖董袁潘蒋蔡余杜叶苏魏吕丁沈姚卢姜崔钟谭陆汪范州省县镇街号楼室价格数量称姓伟芳娜敏静丽强磊军洋勇艳杰娟涛超秀霞平刚桂英',
	),
	traditional: new Set(
		'的一是不了在人有我他這中大來上國個到說們為子和你地出道也時年得就那要下以生會自著去之過家學對可里後小麼心多天而能好都然沒日於起還發成事只作當想看文無開手十用主行方又如前所本見經頭面公同三已老從動兩長知民樣現分將外但身些與高意進把法此實回二理美點月明其種全工向情部正名定女問力機給等幾很業最間新什打便位因重被走電四第門相次東政海口使教西再平真聽世氣信北少關並內化由卻代軍產入先山五太水萬市別處總才場師書比住員九性通目華報立馬命張活難神數件安表原車白應路期提感金何更反合放做系計或司利受光王果界京務解任至清物台灣臺象記邊共風戰接特覺望直林題建南度統色字請交愛讓認算論百義科元社術結六功指非流每青管連遠資隊帶花快條院變聯權展該領傳近留紅治決周保達辦運武半七必城父強步完深區即求品士轉量技輕程江語英基滿式李息寫識極黃德收錢黨未持取設始版雙歷史商千片容研像找友站廣改議形委早房音火際則首單據導影失網香斯專石若兵弟校讀志飛觀爭究包組造落視濟離興談勝劉陳楊趙吳孫朱胡郭羅鄭梁謝宋唐許韓馮鄧曹彭曾肖董袁潘蔣蔡余杜葉蘇魏呂丁沈姚盧姜崔鐘譚陸汪范縣鎮街號樓室價格數稱姓偉芳美淑惠雄志豪俊傑怡君雅婷',
	),
	korean: new Set(
		'이다는의에가을로하고지은사한도를자인시대서어기리나라정아스수일주전해부그여보있들으제상동조선과면년원만유미세게국니장마성구경비김박최강윤임신오안영민준현지우진호연수은서울산부인광천전남북충청호명화실품상제격번가량소재송길건물층문학생회관무역업체공식용금액단계총합영업점판매주소전화이름',
	),
} as const;
