//! The shell around the state: carries out effects and draws the components into the places that
//! `index.html` keeps for them.

use std::collections::BTreeMap;

use gloo_events::EventListener;
use gloo_timers::callback::Timeout;
use js_sys::{Function, Promise};
use report::wire::Ask;
use text::Date;
use wasm_bindgen::UnwrapThrowExt;
use web_sys::{Element, File};
use yew::{Callback, Component, Context, Html, Properties, create_portal, html};

use crate::components::{
    banner::{banner, notice},
    editor::Editor,
    explain::explain,
    export::export,
    outcome::Outcome,
    panels::panels,
    status::status,
    strip::strip,
};
use crate::engine::{Parts, Port};
use crate::state::{Action, Attachment, Body, Effect, Engine, FileKey, Panel, State};
use crate::{airlock, dom, edit, engine, listen, save};

/// What `boot.js` hands over.
#[derive(Clone, Properties)]
pub(crate) struct Props {
    /// The engine's glue, its compiled module and the rule pages, once they are here.
    pub(crate) parts: Promise,
    /// Blesses the worker's address.
    pub(crate) bless: Function,
}

/// The page is started once, with one set of parts.
impl PartialEq for Props {
    fn eq(&self, other: &Self) -> bool {
        js_sys::Object::is(&self.parts, &other.parts)
    }
}

/// Something for the shell.
pub(crate) enum Message {
    /// Something happened that only the state has to know.
    Act(Action),
    /// The engine is loaded.
    Loaded(Parts),
    /// Files that stay files were handed in.
    Files(Vec<File>),
    /// A key was pressed; the event is stopped if the key means something.
    Key(web_sys::KeyboardEvent),
}

/// The page.
pub(crate) struct App {
    state: State,
    act: Callback<Action>,
    port: Option<Port>,
    files: BTreeMap<FileKey, File>,
    next_file: u32,
    /// The rule whose explanation has the keyboard's place.
    explained: Option<String>,
    slots: Slots,
    _listeners: Vec<EventListener>,
}

/// The places that the components fill.
struct Slots {
    strip: Element,
    panels: Element,
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
            files: BTreeMap::new(),
            next_file: 0,
            explained: None,
            slots: Slots {
                strip: dom::slot("strip"),
                panels: dom::slot("panels"),
                outcome: dom::slot("outcome"),
                explain: dom::slot("explain"),
                foot: dom::slot("foot"),
                export: dom::slot("export"),
            },
            _listeners: listen::all(&ctx.link().callback(|it| it)),
        }
    }

    fn update(&mut self, ctx: &Context<Self>, message: Message) -> bool {
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
            { portal(export(state, act), &slots.export) }
            { self.editor() }
            </>
        }
    }

    fn rendered(&mut self, _: &Context<Self>, _: bool) {
        let explained = self.state.explained.as_ref().map(|it| it.id.to_string());
        if explained != self.explained {
            self.explained = explained;
            // With nothing to explain there is no heading.
            if let Ok(Some(heading)) = self.slots.explain.query_selector("h2") {
                dom::focus(&heading);
            }
        }
    }
}

impl App {
    /// Takes in what happened and does what follows from it.
    fn act(&mut self, ctx: &Context<Self>, action: Action) -> bool {
        for effect in self.state.reduce(action) {
            self.carry_out(ctx, effect);
        }
        let attached = &self.state.attached;
        self.files.retain(|key, _| attached.iter().any(|it| it.body == Body::File(*key)));
        self.mirror_state();
        true
    }

    fn carry_out(&mut self, ctx: &Context<Self>, effect: Effect) {
        match effect {
            Effect::CloseAirlock => ctx.link().send_future(async {
                Message::Act(match airlock::close().await {
                    Ok(()) => Action::AirlockClosed,
                    Err(what) => Action::AirlockFailed(what),
                })
            }),
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
            Effect::Post { job, documents, files } => {
                let ask = Ask::Check { job, today: today(), documents };
                let files = files.iter().filter_map(|it| self.files.get(it).cloned());
                if let Some(port) = &self.port {
                    port.post(&ask, &files.collect::<Vec<_>>());
                }
            }
            Effect::After(millis, timer) => {
                let act = self.act.clone();
                Timeout::new(millis, move || act.emit(Action::Rang(timer))).forget();
            }
            Effect::Say(text) => dom::by_id("live").set_text_content(Some(&text)),
            Effect::Fill(text) => edit::fill(&text),
            Effect::Show(span) => edit::show(&self.state.editor, span),
            Effect::Save { name, text } => save::offer(name, &text),
            Effect::Copy(text) => {
                let act = self.act.clone();
                save::copy(text, move |result| act.emit(Action::Copied(result)));
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
            let body = Body::File(key);
            attachments.push(Attachment { name: file.name(), taken_for: None, body });
            self.files.insert(key, file);
        }
        Action::Attached(attachments)
    }

    /// What static parts of the page show of the state.
    fn mirror_state(&self) {
        let state = &self.state;
        let ready = matches!(state.work.engine, Engine::Ready | Engine::Busy);
        let panel = match state.panel {
            Panel::Input => "input",
            Panel::Findings => "findings",
        };
        let case = if state.is_empty() { "none" } else { "some" };
        let body = dom::document().body();
        for (name, value) in [
            ("data-ready", if ready { "true" } else { "false" }),
            ("data-panel", panel),
            ("data-case", case),
        ] {
            // Only an invalid name could fail.
            let _ = body.as_ref().map(|it| it.set_attribute(name, value));
        }
        dom::by_id("explain").set_hidden(state.explained.is_none());
        dom::by_id("drop").set_hidden(!state.dragging);
        let title = state.answered.as_ref().map(|it| format!("{} \u{2013} Plimsoll", it.headline));
        dom::document().set_title(title.as_deref().unwrap_or("Plimsoll"));
    }

    fn outcome(&self) -> Html {
        let (state, act) = (&self.state, &self.act);
        let outcome = state.answered.as_ref().map(|answered| {
            html! {
                <Outcome
                    {act}
                    answered={answered.clone()}
                    filter={state.filter}
                    visible={state.visible.clone()}
                    selected={state.selected.clone()}
                    focus={state.focus}
                    open={state.open.clone()}
                />
            }
        });
        html! {
            <>
            { banner(state, act) }
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

/// The day, which the engine is told.
fn today() -> Date {
    let days = js_sys::Date::now() / 86_400_000.0;
    Date::from_unix_days(days as u32).unwrap_or_else(epoch)
}

fn epoch() -> Date {
    Date::new(1970, 1, 1).expect_throw("the first day of the epoch is a day")
}
