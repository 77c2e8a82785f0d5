//! The shell around the state: carries out effects and draws the components into the places that
//! `index.html` keeps for them.

use gloo_events::EventListener;
use gloo_timers::callback::Timeout;
use js_sys::{Array, Function, Promise, Uint8Array};
use report::link;
use report::wire::Ask;
use text::Date;
use wasm_bindgen::{JsCast, JsValue, UnwrapThrowExt};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Element, File, HtmlDialogElement};
use yew::{Callback, Component, Context, Html, Properties, create_portal, html};

use crate::components::{
    banner::banner, editor::Editor, explain::explain, export::export, history::history,
    layers::layers, notice::notice, outcome::Outcome, palette::palette, panels::panels,
    share::share, status::status, strip::strip, tabs::tabs,
};
use crate::engine::{Parts, Port};
use crate::state::{Action, Attachment, Effect, Engine, FileKey, Left, Panel, State};
use crate::{airlock, dom, edit, engine, examples, listen, save};

/// What `boot.js` hands over.
#[derive(Clone, Properties)]
pub(crate) struct Props {
    /// The engine's glue, its compiled module and the rule pages, once they are here.
    pub(crate) parts: Promise,
    /// Blesses the worker's address.
    pub(crate) bless: Function,
    /// Puts bytes into what a link can carry; a promise.
    pub(crate) pack: Function,
    /// Takes it out again; a promise.
    pub(crate) unpack: Function,
    /// Reads what was dropped, or a folder that was chosen; a promise.
    pub(crate) folder: Function,
}

/// The page is started once, with one set of parts.
impl PartialEq for Props {
    fn eq(&self, other: &Self) -> bool {
        js_sys::Object::is(&self.parts, &other.parts)
    }
}

/// Bytes of a text that takes a browser longer to lay out than anybody would call at once.
const LONG: usize = 10_000;
/// How long a frame takes to come to the screen, in milliseconds, and some more.
const A_FRAME: u32 = 50;

/// Something for the shell.
pub(crate) enum Message {
    /// Something happened that only the state has to know.
    Act(Action),
    /// The engine is loaded.
    Loaded(Parts),
    /// Files that stay files were handed in.
    Files(Vec<File>),
    /// A link brought something with it.
    Linked(String),
    /// A key was pressed; the event is stopped if the key means something.
    Key(web_sys::KeyboardEvent),
    /// The answer to a long text is on the screen.
    Seen,
}

/// The page.
pub(crate) struct App {
    state: State,
    act: Callback<Action>,
    port: Option<Port>,
    files: Vec<(FileKey, File)>,
    next_file: u32,
    /// The rule whose explanation has the keyboard's place.
    explained: Option<String>,
    shown: Option<Shown>,
    /// What is to be done once the page is drawn.
    later: Vec<Effect>,
    /// Whether something had the keyboard's place before the last change.
    had_focus: bool,
    slots: Slots,
    _listeners: Vec<EventListener>,
}

/// What static parts of the page show of the state.
#[derive(PartialEq)]
struct Shown {
    ready: &'static str,
    panel: &'static str,
    case: &'static str,
    theme: &'static str,
    explains: bool,
    tab: &'static str,
    left: Left,
    dragging: bool,
    /// Whether what is shown is the answer to what was handed in: nothing is being read, nothing is asked,
    /// and the text area has it.
    settled: &'static str,
    title: String,
}

impl Shown {
    fn new(state: &State, filled: bool) -> Self {
        let ready = matches!(state.work.engine, Engine::Ready | Engine::Busy);
        let title =
            state.answered.as_ref().map(|it| format!("{} \u{2013} Plimsoll", it.sheet.headline));
        Self {
            ready: if ready { "true" } else { "false" },
            panel: match state.panel {
                Panel::Input => "input",
                Panel::Findings => "findings",
            },
            case: if state.is_empty() { "none" } else { "some" },
            theme: state.theme.id(),
            explains: state.explained.is_some(),
            tab: if state.writes_tabs { "writes a tab" } else { "leaves the editor" },
            left: state.left,
            dragging: state.dragging,
            settled: if filled && state.is_settled() { "true" } else { "false" },
            title: title.unwrap_or_else(|| "Plimsoll".to_owned()),
        }
    }

    fn apply(&self) {
        let body = dom::document().body();
        let attributes = [
            ("data-ready", self.ready),
            ("data-panel", self.panel),
            ("data-case", self.case),
            ("data-settled", self.settled),
        ];
        for (name, value) in attributes {
            // Only an invalid name could fail.
            let _ = body.as_ref().map(|it| it.set_attribute(name, value));
        }
        let root = dom::document().document_element();
        let _ = root.map(|it| it.set_attribute("data-theme", self.theme));
        dom::by_id("explain").set_hidden(!self.explains);
        dom::by_id("recovered").set_hidden(self.left != Left::Recovered);
        dom::by_id("layers").set_hidden(self.left != Left::Layers);
        dom::by_id("scroller").set_hidden(self.left != Left::Editor);
        dom::by_id("under").set_hidden(self.left != Left::Editor);
        dom::by_id("drop").set_hidden(!self.dragging);
        dom::by_id("tab").set_text_content(Some(self.tab));
        dom::document().set_title(&self.title);
    }
}

/// The places that the components fill.
struct Slots {
    strip: Element,
    panels: Element,
    tabs: Element,
    palette: Element,
    recovered: Element,
    layers: Element,
    outcome: Element,
    explain: Element,
    foot: Element,
    export: Element,
}

impl Component for App {
    type Message = Message;
    type Properties = Props;

    fn create(ctx: &Context<Self>) -> Self {
        let parts = ctx.props().parts.clone();
        ctx.link().send_future(async move {
            match engine::load(parts).await {
                Ok(parts) => Message::Loaded(parts),
                Err(what) => Message::Act(Action::NotLoaded(what)),
            }
        });
        dom::by_id("late").set_hidden(true);
        Self {
            state: State::default(),
            act: ctx.link().callback(Message::Act),
            port: None,
            files: Vec::new(),
            next_file: 0,
            explained: None,
            shown: None,
            later: Vec::new(),
            had_focus: false,
            slots: Slots {
                strip: dom::slot("strip"),
                panels: dom::slot("panels"),
                tabs: dom::slot("tabs"),
                palette: dom::slot("palette"),
                recovered: dom::slot("recovered"),
                layers: dom::slot("layers"),
                outcome: dom::slot("outcome"),
                explain: dom::slot("explain"),
                foot: dom::slot("foot"),
                export: dom::slot("export"),
            },
            _listeners: listen::all(&ctx.link().callback(|it| it), &ctx.props().folder),
        }
    }

    fn update(&mut self, ctx: &Context<Self>, message: Message) -> bool {
        self.had_focus = !dom::focus_is_lost();
        let action = match message {
            Message::Act(action) => action,
            Message::Loaded(parts) => {
                match Port::new(&parts, &ctx.props().bless, self.act.clone()) {
                    Ok(port) => self.port = Some(port),
                    Err(what) => return self.act(ctx, Action::NotLoaded(what)),
                }
                Action::Loaded(parts.pages)
            }
            Message::Files(files) => self.keep(files),
            Message::Linked(packed) => {
                let unpack = ctx.props().unpack.clone();
                ctx.link().send_future(async move {
                    let unpacked = called(&unpack, &JsValue::from_str(&packed), false).await;
                    let text = unpacked.and_then(|it| linked(&it)).unwrap_or_default();
                    Message::Act(Action::OpenSession { text, by_link: true })
                });
                return false;
            }
            Message::Seen => {
                self.fill(ctx);
                self.show();
                return false;
            }
            Message::Key(event) => match listen::meaning(&self.state, &event) {
                Some(action) => action,
                None => return false,
            },
        };
        self.act(ctx, action)
    }

    fn view(&self, _: &Context<Self>) -> Html {
        let (state, act, slots) = (&self.state, &self.act, &self.slots);
        let portal = |html, slot: &Element| create_portal(html, slot.clone());
        html! {
            <>
            { portal(strip(state, act), &slots.strip) }
            { portal(panels(state, act), &slots.panels) }
            { portal(self.outcome(), &slots.outcome) }
            { portal(explain(state, act), &slots.explain) }
            { portal(status(state, act), &slots.foot) }
            { portal(palette(state, act), &slots.palette) }
            { portal(tabs(state, act), &slots.tabs) }
            { portal(history(state, act), &slots.recovered) }
            { portal(layers(state, act), &slots.layers) }
            { portal(export(state, act), &slots.export) }
            { self.editor() }
            </>
        }
    }

    fn rendered(&mut self, ctx: &Context<Self>, _: bool) {
        self.fill_or_wait(ctx);
        let explained = self.state.explained.as_ref().map(|it| it.id.to_string());
        if explained != self.explained {
            self.explained = explained;
            // With nothing to explain there is no heading.
            if let Ok(Some(heading)) = self.slots.explain.query_selector("h2") {
                dom::focus(&heading);
            }
        }
        // A button that went away took the keyboard's place with it.
        if std::mem::take(&mut self.had_focus) && dom::focus_is_lost() {
            dom::focus(&dom::by_id("findings-heading"));
        }
    }
}

impl App {
    /// Takes in what happened and does what follows from it.
    fn act(&mut self, ctx: &Context<Self>, action: Action) -> bool {
        let unseen = self.state.goes_unseen(&action);
        for effect in self.state.reduce(action) {
            match effect {
                // A long text takes a while to lay out. Done after drawing it is laid out once, in the
                // room it will have, and the engine has begun meanwhile.
                Effect::Fill { .. } | Effect::Show(_) => self.later.push(effect),
                _ => self.carry_out(ctx, effect),
            }
        }
        let state = &self.state;
        self.files.retain(|(key, _)| state.keeps(*key));
        if !unseen {
            self.show();
        }
        !unseen
    }

    /// Fills the text area with what came in. A long text would keep its findings from the screen for as
    /// long as the browser takes to lay it out, so it is filled in after them: nobody sees the difference,
    /// since lines and marks are drawn apart from it. Meanwhile nothing can be typed into the old text.
    fn fill_or_wait(&mut self, ctx: &Context<Self>) {
        if self.is_filled() {
            return self.fill(ctx);
        }
        dom::editor().set_read_only(true);
        let work = &self.state.work;
        if work.engine != Engine::Busy || work.pending {
            let link = ctx.link().clone();
            Timeout::new(A_FRAME, move || link.send_message(Message::Seen)).forget();
        }
    }

    /// Whether no long text waits for its answer.
    fn is_filled(&self) -> bool {
        let long = |it: &Effect| matches!(it, Effect::Fill { text, .. } if text.len() > LONG);
        !self.later.iter().any(long)
    }

    fn fill(&mut self, ctx: &Context<Self>) {
        if !self.is_filled() {
            // Inside another page it may be there to be looked at (see `boot.js`).
            let root = dom::document().document_element();
            let fixed = root.is_some_and(|it| it.has_attribute("data-readonly"));
            dom::editor().set_read_only(fixed);
        }
        for effect in std::mem::take(&mut self.later) {
            self.carry_out(ctx, effect);
        }
    }

    fn carry_out(&mut self, ctx: &Context<Self>, effect: Effect) {
        match effect {
            Effect::CloseAirlock => {
                let link = ctx.link().clone();
                // A turn of its own: all of the loading in one would keep the page from answering.
                let close = move || {
                    link.send_future(async {
                        Message::Act(match airlock::close().await {
                            Ok(()) => Action::AirlockClosed,
                            Err(what) => Action::AirlockFailed(what),
                        })
                    });
                };
                Timeout::new(0, close).forget();
            }
            Effect::StartWorker => {
                if let Some(port) = &mut self.port {
                    port.start();
                }
            }
            Effect::StopWorker => {
                if let Some(port) = &mut self.port {
                    port.stop();
                }
            }
            Effect::Post { job, revision, documents, files, choices, want, cancelled } => {
                let today = today();
                let ask = Ask::Check { job, revision, today, documents, choices, want, cancelled };
                let file = |key| self.files.iter().find(|it| it.0 == key).map(|it| it.1.clone());
                let files = files.into_iter().filter_map(file);
                if let Some(port) = &self.port {
                    port.post(&ask, &files.collect::<Vec<_>>());
                }
            }
            Effect::Stop => {
                if let Some(port) = &self.port {
                    port.post(&Ask::Stop, &[]);
                }
            }
            Effect::Browse { browse, first, count } => {
                if let Some(port) = &self.port {
                    port.post(&Ask::Browse { browse, first, count }, &[]);
                }
            }
            Effect::After(millis, timer) => {
                let act = self.act.clone();
                Timeout::new(millis, move || act.emit(Action::Rang(timer))).forget();
            }
            Effect::Say(text) => dom::by_id("live").set_text_content(Some(&text)),
            Effect::Fill { text, undoable, stay } => edit::fill(&text, undoable, stay),
            Effect::Type(text) => edit::write(text),
            Effect::Show(span) => edit::show(&self.state.editor, span),
            Effect::Modal(open) => modal(open),
            Effect::OpenFiles => dom::by_id("open").click(),
            Effect::SampleImage => {
                let bytes = Uint8Array::from(examples::IMAGE_BYTES);
                let file = File::new_with_u8_array_sequence(
                    &[bytes].into_iter().collect::<Array>(),
                    examples::IMAGE_FILE,
                );
                // A browser that makes no file of bytes in memory is none that got here.
                ctx.link().send_message(Message::Files(file.into_iter().collect()));
            }
            // What is drawn only now can be found only then.
            Effect::Focus(id) => {
                Timeout::new(0, move || {
                    if let Some(it) = dom::document().get_element_by_id(id) {
                        dom::focus(&it);
                    }
                })
                .forget();
            }
            Effect::Pack(text, lock) => {
                let Some(packed) = link::pack(&text) else {
                    let what = "This is too long for a link. Save the inputs as a session.";
                    return self.act.emit(Action::Tell(what.to_owned()));
                };
                let packed = Uint8Array::from(&packed[..]);
                let pack = ctx.props().pack.clone();
                ctx.link().send_future(async move {
                    let fragment = called(&pack, &packed, lock).await;
                    Message::Act(match fragment.and_then(|it| it.as_string()) {
                        Some(packed) => Action::Shared(packed),
                        None => Action::Tell("This browser cannot make the link.".to_owned()),
                    })
                });
            }
            Effect::Save { name, text } => save::offer(name, &text),
            Effect::Copy(text) => {
                let act = self.act.clone();
                save::copy(text, move |result| act.emit(Action::Copied(result)));
            }
            // The list draws all of itself for paper, for which it needs a turn: while a script prints, nothing else
            // has its turn. Where nothing can be printed, nothing is.
            Effect::Print => {
                let before = web_sys::Event::new("beforeprint");
                let _ = before.and_then(|it| dom::window().dispatch_event(&it));
                Timeout::new(A_FRAME, || drop(dom::window().print())).forget();
            }
            // A page that cannot be loaded again stays as it is.
            Effect::Reload => drop(dom::window().location().reload()),
        }
    }

    /// Keeps files for the worker and hands them in by their keys.
    fn keep(&mut self, files: Vec<File>) -> Action {
        let mut attachments = Vec::new();
        for file in files {
            let key = FileKey(self.next_file);
            self.next_file += 1;
            attachments.push(Attachment::file(&file.name(), key));
            self.files.push((key, file));
        }
        Action::Attached(attachments)
    }

    /// Brings what static parts of the page show of the state up to date. Attributes are only
    /// written when they change: each writing makes the browser look at all styles again.
    fn show(&mut self) {
        let shown = Shown::new(&self.state, self.is_filled());
        if self.shown.as_ref() != Some(&shown) {
            shown.apply();
            self.shown = Some(shown);
        }
    }

    fn outcome(&self) -> Html {
        let (state, act) = (&self.state, &self.act);
        let outcome = state.answered.as_ref().map(|answered| {
            html! {
                <Outcome
                    {act}
                    answered={answered.clone()}
                    filter={state.filter.clone()}
                    visible={state.visible.clone()}
                    heads={state.heads.clone()}
                    advising={state.advising()}
                    selected={state.selected.clone()}
                    focus={state.focus}
                    open={state.open.clone()}
                    pages={state.pages.clone()}
                    ignoring={state.ignoring.clone()}
                    cleared_open={state.cleared_open}
                />
            }
        });
        html! {
            <>
            { banner(state, act) }
            { share(state, act) }
            { state.notice.as_ref().map(|it| notice(it, act)).unwrap_or_default() }
            { outcome.unwrap_or_default() }
            </>
        }
    }

    fn editor(&self) -> Html {
        let editor = &self.state.editor;
        html! {
            <Editor
                source={editor.source.clone()}
                rows={editor.rows()}
                columns={editor.columns}
                marks={editor.marks.clone()}
                marked={editor.is_marked()}
            />
        }
    }
}

/// Opens or closes the palette's window; the browser keeps the keyboard's place in it meanwhile
/// and brings it back afterwards.
fn modal(open: bool) {
    let dialog: HtmlDialogElement = dom::by_id("palette").unchecked_into();
    match open {
        // One that is open already stays so.
        true => drop(dialog.show_modal()),
        false => dialog.close(),
    }
}

/// What a function of `boot.js` promises to make of something, behind a passphrase or without one.
async fn called(function: &Function, it: &JsValue, lock: bool) -> Option<JsValue> {
    let promise = function.call2(&JsValue::UNDEFINED, it, &JsValue::from_bool(lock)).ok()?;
    JsFuture::from(promise.dyn_into::<Promise>().ok()?).await.ok()
}

/// What came with a link: a text with older ones, and what the page has packed itself.
fn linked(it: &JsValue) -> Option<String> {
    let bytes = || link::unpack(&it.dyn_ref::<Uint8Array>()?.to_vec());
    it.as_string().or_else(bytes)
}

/// The day, which the engine is told.
fn today() -> Date {
    let days = js_sys::Date::now() / 86_400_000.0;
    Date::from_unix_days(days as u32).unwrap_or_else(epoch)
}

fn epoch() -> Date {
    Date::new(1970, 1, 1).expect_throw("the first day of the epoch is a day")
}
