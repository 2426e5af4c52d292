use async_trait::async_trait;
use engine::Result;
use engine::hooks::{ListEvent, RecordHooks};

/// How many records a page of a list has when the client does not say.
pub(super) struct PageSize(pub(super) i64);

#[async_trait]
impl RecordHooks for PageSize {
    async fn before_list(&self, event: &mut ListEvent<'_>) -> Result<()> {
        // What is no size stands for the default in the native API, too.
        if event.options.per_page.is_none_or(|size| size <= 0) {
            event.options.per_page = Some(self.0);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use engine::{ListOptions, Request};

    use super::*;

    async fn asked_for(per_page: Option<i64>) -> Option<i64> {
        let mut options = ListOptions { per_page, ..ListOptions::default() };
        let request = Request::default();
        PageSize(20).before_list(&mut ListEvent { request: &request, options: &mut options }).await.unwrap();
        options.per_page
    }

    #[tokio::test]
    async fn only_a_missing_size_is_filled_in() {
        assert_eq!(asked_for(None).await, Some(20));
        assert_eq!(asked_for(Some(0)).await, Some(20));
        assert_eq!(asked_for(Some(-1)).await, Some(20));
        assert_eq!(asked_for(Some(1)).await, Some(1));
        assert_eq!(asked_for(Some(500)).await, Some(500));
    }
}
