using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using OrleansCache.Bench.Calls;
using OrleansCache.Bench.Confirmations;
using OrleansCache.Bench.Flood;
using OrleansCache.Bench.Footprint;
using OrleansCache.Bench.Hits;
using OrleansCache.Bench.Http;
using OrleansCache.Bench.Import;
using OrleansCache.Bench.Leases;
using OrleansCache.Bench.Near;
using OrleansCache.Bench.Rest;
using OrleansCache.Bench.Scale;
using OrleansCache.Bench.Steady;
using OrleansCache.Bench.Telemetry;
using OrleansCache.Bench.Unreachable;

// dotnet run -c Release --project bench -- ...
//   --filter '*'        micro-benchmarks: BenchmarkDotNet
//   calls               calls of a grain in another process, beside GET of a Redis
//   confirmations [N]   what becomes of N entries when all slots have new owners: time, queries, near hits afterwards
//   hits                hits on one book in a silo's memory, from 16 callers in its process
//   http [N]            GET of a book that the near cache holds beside a constant answer, N rounds; needs wrk (bench/http.sh installs it)
//   leases              edits of books that near caches hold
//   near [N] [FILE]     near hits beside MemoryCache: N rounds, popularities of goodbooks-10k's books.csv
//   steady near|far N   catalog queries and near hits of a steady load, for N minutes, with or without near caches; FILE as above
//   rest [N...]         what entries cost that nobody asks for: catalog queries, calls, processor time, with N entries
//   scale               a node that is added while 1,000 lookups/s run: answers that are in no cache of the region any more
//   telemetry [N]       lookups with metrics and traces beside without, N rounds
//   flood               5,000 unknown keys a second beside 20,000 books that are read
//   footprint           the memory that a book takes in a silo, in an owner and in a near cache
//   import [FILE]       an import into three regions
//   unreachable         an edit of a book that a silent region holds
switch (args)
{
    case ["calls", ..]:
        await CallsProgram.RunAsync(args[1..]);
        break;
    case ["confirmations", ..]:
        await ConfirmationsProgram.RunAsync(args[1..]);
        break;
    case ["hits", ..]:
        await HitsProgram.RunAsync(args[1..]);
        break;
    case ["http", ..]:
        await HttpProgram.RunAsync(args[1..]);
        break;
    case ["leases"]:
        await LeasesProgram.RunAsync();
        break;
    case ["near", ..]:
        await NearHitsProgram.RunAsync(args[1..]);
        break;
    case ["flood"]:
        await FloodProgram.RunAsync();
        break;
    case ["footprint"]:
        await FootprintProgram.RunAsync();
        break;
    case ["import", ..]:
        await ImportProgram.RunAsync(args[1..]);
        break;
    case ["unreachable", ..]:
        await UnreachableProgram.RunAsync(args[1..]);
        break;
    case ["telemetry", ..]:
        await TelemetryProgram.RunAsync(args[1..]);
        break;
    case ["rest", ..]:
        await RestProgram.RunAsync(args[1..]);
        break;
    case ["scale"]:
        await ScaleProgram.RunAsync();
        break;
    case ["steady", ..]:
        await SteadyProgram.RunAsync(args[1..]);
        break;
    default:
        // Each benchmark runs in a process of its own, for which everything is built once more.
        var config = DefaultConfig.Instance.AddJob(Job.ShortRun).WithBuildTimeout(TimeSpan.FromMinutes(10));
        BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args, config);
        break;
}
