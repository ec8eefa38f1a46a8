using System.IO.Pipelines;

namespace OrleansCache.Engine.Transport;

/// <summary>One end of a stream of bytes within the process.</summary>
internal sealed class DuplexPipe(PipeReader input, PipeWriter output) : IDuplexPipe
{
    public PipeReader Input => input;

    public PipeWriter Output => output;

    public override string ToString() => "memory";

    public static (DuplexPipe, DuplexPipe) CreatePair()
    {
        // A reader that falls behind holds the writer up at a megabyte.
        var options = new PipeOptions(pauseWriterThreshold: 1 << 20, resumeWriterThreshold: 1 << 19, useSynchronizationContext: false);
        var there = new Pipe(options);
        var back = new Pipe(options);
        return (new DuplexPipe(back.Reader, there.Writer), new DuplexPipe(there.Reader, back.Writer));
    }
}
