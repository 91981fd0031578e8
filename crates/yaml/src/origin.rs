//! Where values came from.

use std::cell::RefCell;
use std::sync::Arc;

use smol_str::SmolStr;

use super::{Secrecy, Span};

/// Where a value came from. Survives bases, overlays, patches and substitution.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Origin {
    /// The text that wrote the value: in a base, an overlay's patch, an inline patch, a field of a kustomization file.
    /// `None` for what no text wrote (a `kind` that a generator fills in).
    pub span: Option<Span>,
    /// What came over the value afterwards. Most values stay as they were written, and pay one pointer for the others.
    touched: Option<Arc<Touched>>,
}

/// What came over a value after it was written: a patch, a variable, what comes from a Secret.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Touched {
    patch: Option<Span>,
    variable: Option<Arc<Variable>>,
    secret: Option<Secrecy>,
}

/// A variable that substitution wrote into a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Variable {
    /// Its name, without `${}`.
    pub name: SmolStr,
    /// Where its value was written (the value in a ConfigMap, or in `postBuild.substitute`).
    pub value: Origin,
    /// The variable is the whole of the value, so that the value itself is the variable's.
    pub whole: bool,
    /// The value comes from a Secret: it must not be shown.
    pub secret: bool,
    /// It is not defined or empty, and is all of a segment of a path: the path leads to the folder above.
    pub collapses_segment: bool,
}

impl Origin {
    /// An origin in a file, touched by nothing.
    pub fn at(span: Span) -> Self {
        Self::of(Some(span))
    }

    /// An origin that may be in no file, touched by nothing.
    pub fn of(span: Option<Span>) -> Self {
        Self { span, touched: None }
    }

    /// The patch or transformer entry that last put the value where it is.
    pub fn patch(&self) -> Option<Span> {
        self.touched.as_ref()?.patch
    }

    /// The variable that last changed the value, if substitution did.
    pub fn variable(&self) -> Option<&Arc<Variable>> {
        self.touched.as_ref()?.variable.as_ref()
    }

    /// How much of the value comes from Secrets.
    pub fn secret(&self) -> Option<&Secrecy> {
        self.touched.as_ref()?.secret.as_ref()
    }

    /// The same origin, put in place by that patch; by none without one.
    pub fn with_patch(self, patch: Option<Span>) -> Self {
        if self.patch() == patch {
            return self;
        }
        let (variable, secret) = (self.variable().cloned(), self.secret().cloned());
        Self { touched: Touched::of(patch, variable, secret), ..self }
    }

    /// The same origin, changed by that variable; by none without one.
    pub fn with_variable(self, variable: Option<Arc<Variable>>) -> Self {
        let (patch, secret) = (self.patch(), self.secret().cloned());
        Self { touched: Touched::of(patch, variable, secret), ..self }
    }

    /// The same origin of a value of which so much comes from Secrets.
    pub fn with_secret(self, secret: Option<Secrecy>) -> Self {
        if self.secret() == secret.as_ref() {
            return self;
        }
        let (patch, variable) = (self.patch(), self.variable().cloned());
        Self { touched: Touched::of(patch, variable, secret), ..self }
    }

    /// The text a person has to edit to change the value: the variable's value if the variable is the whole value,
    /// else the text that wrote it.
    pub fn edit_place(&self) -> Option<Span> {
        match self.variable() {
            Some(variable) if variable.whole => variable.value.edit_place().or(self.span),
            _ => self.span,
        }
    }
}

/// How many patches are kept at hand: those that take turns while one transformer goes from object to object.
const AT_HAND: usize = 8;

thread_local! {
    /// The patches of this thread that were noted last. One entry is noted in thousands of objects, and they share the note.
    static LAST: RefCell<Vec<Arc<Touched>>> = const { RefCell::new(Vec::new()) };
}

impl Touched {
    /// A note of all that came over a value, if there is anything to note.
    fn of(patch: Option<Span>, variable: Option<Arc<Variable>>, secret: Option<Secrecy>) -> Option<Arc<Self>> {
        match (patch, variable, secret) {
            (None, None, None) => None,
            (Some(patch), None, None) => Some(Self::by_patch(patch)),
            (patch, variable, secret) => Some(Arc::new(Self { patch, variable, secret })),
        }
    }

    fn by_patch(patch: Span) -> Arc<Self> {
        LAST.with_borrow_mut(|last| {
            if let Some(known) = last.iter().find(|known| known.patch == Some(patch)) {
                return Arc::clone(known);
            }
            let made = Arc::new(Self { patch: Some(patch), variable: None, secret: None });
            last.truncate(AT_HAND - 1);
            last.insert(0, Arc::clone(&made));
            made
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use fleetlint_source::Files;

    #[test]
    fn knows_what_came_over_a_value() {
        let file = Files::default().add("".into(), None, String::new(), Vec::new()).id;
        let span = |start| Span { file, start, end: start + 1 };
        for _ in 0..2 {
            for start in 1..20 {
                let origin = Origin::at(span(0)).with_patch(Some(span(start)));
                assert_eq!((origin.span, origin.patch()), (Some(span(0)), Some(span(start))));
                assert_eq!(origin.with_patch(None), Origin::at(span(0)));
            }
        }
    }

    #[test]
    fn keeps_the_patch_and_the_variable_apart() {
        let file = Files::default().add("".into(), None, String::new(), Vec::new()).id;
        let span = Span { file, start: 0, end: 1 };
        let (name, value) = ("x".into(), Origin::default());
        let variable = Variable { name, value, whole: true, secret: false, collapses_segment: false };
        let variable = Some(Arc::new(variable));
        let both = Origin::default().with_variable(variable.clone()).with_patch(Some(span));
        assert_eq!((both.patch(), both.variable()), (Some(span), variable.as_ref()));
        assert_eq!(both.clone().with_patch(None), Origin::default().with_variable(variable));
        assert_eq!(both.clone().with_variable(None), Origin::default().with_patch(Some(span)));
        let secret = both.clone().with_secret(Some(Secrecy::Whole));
        assert_eq!(secret.clone().with_patch(None).with_variable(None).secret(), Some(&Secrecy::Whole));
        assert_eq!(secret.with_secret(None), both);
    }
}
