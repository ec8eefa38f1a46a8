using Spectre.Console;
using Spectre.Console.Rendering;

namespace OrleansCache.Cli.Output;

/// <summary>Has a console write every text as <see cref="PlainText"/>, wherever it comes from.</summary>
internal sealed class PlainSegments : IRenderHook
{
    public IEnumerable<IRenderable> Process(RenderOptions options, IEnumerable<IRenderable> renderables) =>
        renderables.Select(renderable => new Cleaned(renderable));

    private sealed class Cleaned(IRenderable inner) : IRenderable
    {
        public Measurement Measure(RenderOptions options, int maxWidth) => inner.Measure(options, maxWidth);

        public IEnumerable<Segment> Render(RenderOptions options, int maxWidth) => inner.Render(options, maxWidth).Select(Clean);

        // Those of the console itself are commands on purpose.
        private static Segment Clean(Segment segment) => segment.IsControlCode || segment.IsLineBreak || PlainText.IsPlain(segment.Text)
            ? segment
            : new(PlainText.Of(segment.Text), segment.Style);
    }
}
