using System.IO.Pipelines;

namespace OrleansCache.Engine.Membership;

/// <summary>A stream whose output passes a gate.</summary>
internal sealed class GatedPipe(IDuplexPipe inner, PauseGate gate) : IDuplexPipe
{
    public PipeReader Input => inner.Input;

    public PipeWriter Output { get; } = new Writer(inner.Output, gate);

    public override string? ToString() => inner.ToString();

    private sealed class Writer(PipeWriter inner, PauseGate gate) : PipeWriter
    {
        public override bool CanGetUnflushedBytes => inner.CanGetUnflushedBytes;

        public override long UnflushedBytes => inner.UnflushedBytes;

        public override void Advance(int bytes) => inner.Advance(bytes);

        public override Memory<byte> GetMemory(int sizeHint = 0) => inner.GetMemory(sizeHint);

        public override Span<byte> GetSpan(int sizeHint = 0) => inner.GetSpan(sizeHint);

        public override void CancelPendingFlush() => inner.CancelPendingFlush();

        public override void Complete(Exception? exception = null) => inner.Complete(exception);

        public override ValueTask CompleteAsync(Exception? exception = null) => inner.CompleteAsync(exception);

        public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default)
        {
            var passing = gate.PassAsync();
            return passing.IsCompletedSuccessfully ? inner.FlushAsync(cancellationToken) : FlushLaterAsync(passing, cancellationToken);
        }

        public override ValueTask<FlushResult> WriteAsync(ReadOnlyMemory<byte> source, CancellationToken cancellationToken = default)
        {
            var passing = gate.PassAsync();
            return passing.IsCompletedSuccessfully ? inner.WriteAsync(source, cancellationToken) : WriteLaterAsync(passing, source, cancellationToken);
        }

        private async ValueTask<FlushResult> FlushLaterAsync(ValueTask passing, CancellationToken token)
        {
            await passing;
            return await inner.FlushAsync(token);
        }

        private async ValueTask<FlushResult> WriteLaterAsync(ValueTask passing, ReadOnlyMemory<byte> source, CancellationToken token)
        {
            await passing;
            return await inner.WriteAsync(source, token);
        }
    }
}
