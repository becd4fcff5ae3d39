//! A handler describes itself: each argument and the reply add what they are to the operation.

use std::future::Future;

use axum::extract::State;

use crate::Operation;

/// An argument of a handler that says what it asks of a request.
pub trait DescribeInput {
    /// Adds parameters, body, security and the refusals it may answer with.
    fn describe(operation: &mut Operation<'_>);
}

/// A reply that says what it looks like.
pub trait DescribeReply {
    /// Adds the responses.
    fn describe(operation: &mut Operation<'_>);
}

/// State is the server's business, not the caller's.
impl<S> DescribeInput for State<S> {
    fn describe(_: &mut Operation<'_>) {}
}

impl<T: DescribeReply, E> DescribeReply for Result<T, E> {
    fn describe(operation: &mut Operation<'_>) {
        T::describe(operation);
    }
}

/// A handler whose arguments and reply all describe themselves. `T` is the tuple that axum's `Handler` uses,
/// so that one bound follows from the other.
pub trait Described<T> {
    /// Adds what the handler asks and answers.
    fn describe(operation: &mut Operation<'_>);
}

impl<F, Fut, R> Described<((),)> for F
where
    F: FnOnce() -> Fut,
    Fut: Future<Output = R>,
    R: DescribeReply,
{
    fn describe(operation: &mut Operation<'_>) {
        R::describe(operation);
    }
}

macro_rules! described {
    ($($argument:ident),+) => {
        impl<F, Fut, R, M, $($argument),+> Described<(M, $($argument,)+)> for F
        where
            F: FnOnce($($argument),+) -> Fut,
            Fut: Future<Output = R>,
            R: DescribeReply,
            $($argument: DescribeInput),+
        {
            fn describe(operation: &mut Operation<'_>) {
                $($argument::describe(operation);)+
                R::describe(operation);
            }
        }
    };
}

described!(A1);
described!(A1, A2);
described!(A1, A2, A3);
described!(A1, A2, A3, A4);
described!(A1, A2, A3, A4, A5);
described!(A1, A2, A3, A4, A5, A6);
described!(A1, A2, A3, A4, A5, A6, A7);
