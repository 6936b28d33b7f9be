//! Calls in code that is generic over models: it must compile that their futures cross threads.

use workers_ai_client::{Call, Client, Error, Model, Queued, Queues, Streams, transport::BoxFuture};

use crate::support::{Chat, Memory};

fn send<M: Model>(call: Call<M>) -> BoxFuture<'static, Result<M::Reply, Error>> {
    Box::pin(async move { call.send().await.map(|response| response.value) })
}

fn stream<M: Streams>(call: Call<M>) -> BoxFuture<'static, Result<usize, Error>> {
    Box::pin(async move {
        let mut chunks = call.stream().await?;
        let mut count = 0;
        while chunks.try_next().await?.is_some() {
            count += 1;
        }
        Ok(count)
    })
}

fn queue<M: Queues>(call: Call<M>) -> BoxFuture<'static, Result<usize, Error>> {
    Box::pin(async move { call.enqueue().await?.wait().await.map(|batch| batch.items.len()) })
}

fn batch<M: Queues>(client: Client, requests: Vec<M::Request>) -> BoxFuture<'static, Result<Queued<M>, Error>> {
    Box::pin(async move { client.enqueue(requests).await })
}

#[tokio::test]
async fn generic_code_spawns_calls() {
    let memory = Memory::default()
        .json(r#"{"response":"hi"}"#)
        .events("data: {\"response\":\"a\"}\n\ndata: [DONE]\n\n")
        .json(r#"{"request_id":"q"}"#)
        .json("{}");
    let call = |client: Client| Call::<Chat>::new(client, "hello");
    assert_eq!(tokio::spawn(send(call(memory.client()))).await.unwrap().unwrap().response, "hi");
    assert_eq!(tokio::spawn(stream(call(memory.client()))).await.unwrap().unwrap(), 1);
    assert!(tokio::spawn(batch::<Chat>(memory.client(), vec!["hello".into()])).await.unwrap().is_ok());
    assert!(tokio::spawn(queue(call(memory.client()))).await.unwrap().is_err());
}
