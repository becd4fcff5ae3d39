//! The routes.

use std::sync::Arc;

use anyhow::{Context, Result};
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde::{Deserialize, Serialize};

use crate::announcement::{Announcement, NewAnnouncement};
use crate::database::Database;
use crate::passwords::Passwords;

/// What a handler works with.
struct App {
    database: Database,
    passwords: Passwords,
}

/// Any failure is a 500 here.
struct Failure(anyhow::Error);

impl<E: Into<anyhow::Error>> From<E> for Failure {
    fn from(error: E) -> Self {
        Self(error.into())
    }
}
impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        (StatusCode::INTERNAL_SERVER_ERROR, format!("{:#}\n", self.0)).into_response()
    }
}

/// Serves until it is killed.
pub(crate) fn serve(database: &str, port: u16) -> Result<()> {
    // The synchronous drivers are opened before there is a runtime.
    let app = Arc::new(App { database: Database::open(database)?, passwords: Passwords::start()? });
    let router = Router::new()
        .route("/ready", get(|| async { "ready\n" }))
        .route("/announcements", get(list).post(create))
        .route("/announcements/{id}", get(show))
        .route("/login", post(login))
        .with_state(app);
    tokio::runtime::Builder::new_multi_thread().enable_all().build()?.block_on(async {
        let listener = tokio::net::TcpListener::bind(("127.0.0.1", port)).await.context("cannot listen")?;
        Ok(axum::serve(listener, router).await?)
    })
}

async fn show(State(app): State<Arc<App>>, Path(id): Path<String>) -> Result<Response, Failure> {
    Ok(match app.database.find(id).await? {
        Some(row) => Json(row).into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    })
}

#[derive(Deserialize)]
struct Window {
    #[serde(default = "twenty")]
    limit: i64,
    #[serde(default = "one")]
    page: i64,
}

fn twenty() -> i64 {
    20
}

fn one() -> i64 {
    1
}

#[derive(Serialize)]
struct Listed {
    items: Vec<Announcement>,
    total: i64,
}

async fn list(State(app): State<Arc<App>>, Query(window): Query<Window>) -> Result<Json<Listed>, Failure> {
    let (items, total) = app.database.list(window.limit, (window.page - 1) * window.limit).await?;
    Ok(Json(Listed { items, total }))
}

async fn create(
    State(app): State<Arc<App>>,
    Json(new): Json<NewAnnouncement>,
) -> Result<(StatusCode, Json<Announcement>), Failure> {
    let row = Announcement::write(new);
    app.database.insert(row.clone()).await?;
    Ok((StatusCode::CREATED, Json(row)))
}

#[derive(Deserialize)]
struct SignIn {
    email: String,
    password: String,
}

#[derive(Serialize)]
struct SignedIn {
    token: String,
}

async fn login(State(app): State<Arc<App>>, Json(sign_in): Json<SignIn>) -> Result<Response, Failure> {
    let stored = app.database.password(sign_in.email.to_lowercase()).await?;
    let known = match stored {
        Some(stored) => app.passwords.verify(sign_in.password, stored).await?,
        None => false,
    };
    Ok(if known {
        Json(SignedIn { token: "signed in".to_owned() }).into_response()
    } else {
        StatusCode::UNAUTHORIZED.into_response()
    })
}
