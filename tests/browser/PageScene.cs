using Microsoft.Playwright;
using OrleansCache.Catalogs;
using OrleansCache.Cli.Cluster;
using OrleansCache.LocalClusters;

namespace OrleansCache.Tests;

/// <summary>A cluster of processes with its page, and a browser.</summary>
public sealed class PageScene : IAsyncLifetime
{
    private const string Chromium = "/usr/bin/chromium";

    private IPlaywright? _playwright;
    private IBrowser? _browser;
    private ClusterFront? _front;

    public string Address => _front!.Address;

    internal ProcessCluster Cluster { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        Cluster = await ProcessCluster.StartAsync(new()
        {
            Http = true,
            PrepareCatalog = FillAsync,
            Settings = new Dictionary<string, string> { ["Silo:OwnNodes"] = "true" },
        });
        _front = await ClusterFront.StartAsync(Cluster, null, new(), null, CancellationToken.None);
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new() { ExecutablePath = Chromium, Args = ["--no-sandbox"] });
    }

    public async Task DisposeAsync()
    {
        if (_browser is not null)
            await _browser.CloseAsync();
        _playwright?.Dispose();
        if (_front is not null)
            await _front.DisposeAsync();
        await Cluster.DisposeAsync();
    }

    /// <summary>Opens the page, and waits until it shows the cluster.</summary>
    public async Task<OpenPage> OpenAsync(int width = 1400, ColorScheme theme = ColorScheme.Light)
    {
        var page = await _browser!.NewPageAsync(new() { ViewportSize = new() { Width = width, Height = 900 }, ColorScheme = theme });
        page.SetDefaultTimeout(60_000);
        var open = new OpenPage(page, Address);
        await page.GotoAsync(Address);
        await page.Locator(".advice .card").First.WaitForAsync();
        await page.Locator("[data-advice=starting]").WaitForAsync(new() { State = WaitForSelectorState.Detached });
        return open;
    }

    private static async Task FillAsync(CatalogOptions settings, CancellationToken cancellation)
    {
        await using var catalog = CatalogFactory.Create(settings);
        await catalog.InitializeAsync(cancellation);
        await Cli.Sessions.ShippedBooks.StoreAsync(catalog.StoreAsync, cancellation);
    }
}

/// <summary>A page in the browser, and what it should not have done.</summary>
public sealed class OpenPage : IAsyncDisposable
{
    private readonly List<string> _wrong = [];

    public OpenPage(IPage page, string address)
    {
        Page = page;
        page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning")
                Note($"console: {message.Text}");
        };
        page.PageError += (_, error) => Note($"error: {error}");
        page.Request += (_, request) =>
        {
            if (!request.Url.StartsWith(address, StringComparison.Ordinal) && !request.Url.StartsWith("data:", StringComparison.Ordinal))
                Note($"request of another host: {request.Url}");
        };
    }

    public IPage Page { get; }

    /// <summary>Errors on the console, uncaught ones, and requests of other hosts.</summary>
    public string[] Wrong
    {
        get
        {
            lock (_wrong)
                return [.. _wrong];
        }
    }

    public async ValueTask DisposeAsync() => await Page.CloseAsync();

    private void Note(string what)
    {
        lock (_wrong)
            _wrong.Add(what);
    }
}
