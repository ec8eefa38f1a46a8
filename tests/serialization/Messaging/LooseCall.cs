using System.Buffers;
using Orleans.Runtime;
using OrleansCache.Engine.Messaging;
using OrleansCache.Engine.Serialization;

namespace OrleansCache.Engine.Internals.Tests.Messaging;

/// <summary>A call that remembers what became of it.</summary>
internal sealed class LooseCall() : Call(GrainId.Create("loose", "call"))
{
    private readonly TaskCompletionSource<Exception> _failed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private readonly TaskCompletionSource _answered = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes with the first error.</summary>
    public Task<Exception> Failed => _failed.Task;

    /// <summary>Completes when an answer has come.</summary>
    public Task Answered => _answered.Task;

    /// <summary>Nobody waits any more.</summary>
    public bool HasEnded { get; set; }

    public override bool IsOneWay => false;

    public override bool IsAlwaysInterleave => false;

    public override string Name => "A loose call";

    public override bool IsCancellable => false;

    public override bool IsDone => HasEnded;

    public override void WriteRequest(ref WireWriter writer) => writer.WriteRawByte(0);

    public override void Complete(AnswerStatus status, ReadOnlySequence<byte> body) => _answered.TrySetResult();

    public override void Fail(Exception exception) => _failed.TrySetResult(exception);

    public override void TimeOut() => Fail(new TimeoutException());

    protected override Task RunAsync(ICallHost host, object target) => Task.CompletedTask;
}
